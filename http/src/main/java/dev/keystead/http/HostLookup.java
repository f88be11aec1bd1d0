package dev.keystead.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;

/** Finds the address of a host: addresses at once, names on a virtual thread, which may block. */
final class HostLookup {
  private HostLookup() {}

  /** The address; fails with {@link UnknownHostException}. */
  static CompletableFuture<InetAddress> address(String host) {
    CompletableFuture<InetAddress> result = new CompletableFuture<>();
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal != null) {
      lookUp(result, () -> InetAddress.getByAddress(literal));
    } else {
      Thread.ofVirtual()
          .name("keystead-lookup")
          .start(() -> lookUp(result, () -> InetAddress.getByName(host)));
    }
    return result;
  }

  private interface Lookup {
    InetAddress find() throws UnknownHostException;
  }

  private static void lookUp(CompletableFuture<InetAddress> result, Lookup lookup) {
    try {
      result.complete(lookup.find());
    } catch (UnknownHostException e) {
      result.completeExceptionally(e);
    }
  }
}
