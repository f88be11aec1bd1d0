package dev.keystead.tpm;

/**
 * An entity with the authorization to use it.
 *
 * @param session what carries the authorization
 * @param auth the entity's authorization value; sent in clear only with {@link Session#PASSWORD}
 */
public record Authorized(Handle handle, Session session, Secret auth) implements CommandHandle {}
