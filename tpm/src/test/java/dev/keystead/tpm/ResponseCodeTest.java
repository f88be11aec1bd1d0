package dev.keystead.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseCodeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0x000 | TPM_RC_SUCCESS
          0x100 | TPM_RC_INITIALIZE: the TPM has not been started, or is started already (0x100)
          0x2c4 | TPM_RC_VALUE in parameter 2: a value is out of range (0x2c4)
          0x18b | TPM_RC_HANDLE in handle 1: the handle does not fit (0x18b)
          0x98e | TPM_RC_AUTH_FAIL in session 1: the authorization failed, and counts towards lockout (0x98e)
          0x922 | TPM_RC_RETRY: the TPM could not start the command (0x922)
          0x902 | TPM_RC_OBJECT_MEMORY: there is no room for another object (0x902)
          0x7ff | an unknown response code (0x7ff)
          """)
  void aResponseCodeIsSaidInWords(String code, String words) {
    assertThat(new ResponseCode(Integer.decode(code))).hasToString(words);
  }
}
