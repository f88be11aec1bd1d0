package dev.keystead.bench;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;

/** Who does the cryptography. */
public enum CryptoProvider {
  /** What comes with the JDK. */
  JDK,
  /** Amazon Corretto Crypto Provider. */
  ACCP;

  /** Puts it first in line, for good; ACCP only if its self tests find it healthy. */
  void install() {
    if (this == ACCP) {
      AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
      Security.insertProviderAt(AmazonCorrettoCryptoProvider.INSTANCE, 1);
    }
  }

  /** Whether this provider, by its name, is this one. */
  boolean is(String name) {
    return name.equals(AmazonCorrettoCryptoProvider.PROVIDER_NAME) == (this == ACCP);
  }
}
