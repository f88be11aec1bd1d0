package dev.keystead.tao.host;

/** The contract for programs on a host that is a program itself: names of four segments. */
class NestedHostContractTest extends SoftwareHostContractTest {
  @Override
  int layers() {
    return 2;
  }
}
