package dev.keystead.tpm;

import dev.keystead.tpm.structure.TpmReader;

/**
 * A successful response, its sessions checked and its parameters decrypted.
 *
 * @param handle the returned handle, 0 for commands that return none
 * @param parameters at the first response parameter
 */
public record Response(int handle, TpmReader parameters) {}
