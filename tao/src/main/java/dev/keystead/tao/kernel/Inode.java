package dev.keystead.tao.kernel;

/**
 * Which file this is, as long as it exists.
 *
 * @param device the file system's device number
 * @param number the inode's number in it
 */
public record Inode(long device, long number) {}
