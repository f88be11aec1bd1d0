package dev.keystead.cli.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to look around in a demo that was left running. */
final class LookAround {
  private LookAround() {}

  static List<String> hints(Demo demo) {
    Path tls = demo.control().identityFolder();
    int registrar = demo.control().registrar().tlsPort();
    int verifier = demo.control().verifier().port();
    String curl =
        "  curl --cacert %1$s/cacert.crt --cert %1$s/client-cert.crt --key %1$s/client-private.pem"
            .formatted(tls);
    String owner =
        " --tls-dir %s --registrar 127.0.0.1:%d --verifier 127.0.0.1:%d"
            .formatted(tls, registrar, verifier);
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("It goes on running until Ctrl-C. To look around:");
    lines.add("  ./keystead node list" + owner);
    lines.add("  ./keystead node status node-2" + owner);
    lines.add("  ./keystead ledger show --store " + tls.resolveSibling("verifier.db").normalize());
    lines.add(curl + " https://127.0.0.1:%d/v2.6/agents/".formatted(registrar));
    lines.add(curl + " https://127.0.0.1:%d/v2.6/agents/node-1".formatted(verifier));
    for (DemoNode node : demo.nodes()) {
      lines.add(
          "  %s: port %d, its list %s, its secrets %s"
              .formatted(
                  node.id(), node.agent().port(), node.list().file(), node.agent().payload()));
    }
    return lines;
  }
}
