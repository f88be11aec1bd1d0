package dev.keystead.node;

/** The audit log: every refusal that concerns trust, one line each, in the listener's words too. */
public final class Audit {
  private static final System.Logger LOG = System.getLogger("dev.keystead.audit");

  private final AgentListener listener;

  /** Tells {@code listener} too. */
  public Audit(AgentListener listener) {
    this.listener = listener;
  }

  /** Records a refusal; control characters in the reason cannot forge another line. */
  public void refused(String what, String reason) {
    String line = reason.replaceAll("\\p{Cntrl}", "?");
    LOG.log(System.Logger.Level.WARNING, "refused {0}: {1}", what, line);
    listener.on(new AgentEvent.Refused(what, line));
  }

  /** Tells the listener of what is not a refusal. */
  public void happened(AgentEvent event) {
    listener.on(event);
  }
}
