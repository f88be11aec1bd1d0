package dev.keystead.control.revocation;

import dev.keystead.keylime.AgentId;

/**
 * A message to all but one.
 *
 * @param seq its place: the ledger's number of the decision that it tells of
 * @param subject the node that it is about, which is not told
 * @param body the signed message, as it goes on the wire
 * @param expires when telling it is given up, in milliseconds since 1970
 */
public record Notice(long seq, AgentId subject, String body, long expires) {}
