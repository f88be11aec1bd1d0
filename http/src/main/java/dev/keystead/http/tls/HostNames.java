package dev.keystead.http.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Whether a certificate names a host (RFC 9525), without wildcards. */
final class HostNames {
  private static final int DNS = 2;
  private static final int IP = 7;

  private HostNames() {}

  /**
   * Checks.
   *
   * @throws CertificateException if no subject alternative name is this host
   */
  static void check(X509Certificate certificate, String host) throws CertificateException {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    for (List<?> name : names == null ? List.<List<?>>of() : names) {
      int kind = (Integer) name.get(0);
      boolean same =
          address == null
              ? kind == DNS && host.equalsIgnoreCase((String) name.get(1))
              : kind == IP && Arrays.equals(address, bytes((String) name.get(1)));
      if (same) {
        return;
      }
    }
    throw new CertificateException("certificate does not name the host");
  }

  private static byte[] bytes(String address) throws CertificateException {
    try {
      return InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      throw new CertificateException("certificate names an address that is none", e);
    }
  }
}
