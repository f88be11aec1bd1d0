package dev.keystead.program;

import com.google.protobuf.ByteString;
import dev.keystead.claims.KeyPrincipal;
import dev.keystead.claims.Segment;
import dev.keystead.program.api.AnyApproved;
import dev.keystead.program.api.ThisMeasurement;
import dev.keystead.program.api.UpgradeSet;
import dev.keystead.tao.SealPolicy;

/** Sealing policies on the wire. */
public final class PolicyMessages {
  private PolicyMessages() {}

  /** The message for a policy. */
  public static dev.keystead.program.api.SealPolicy message(SealPolicy policy) {
    var message = dev.keystead.program.api.SealPolicy.newBuilder();
    return switch (policy) {
      case SealPolicy.ThisMeasurement _ ->
          message.setThisMeasurement(ThisMeasurement.getDefaultInstance()).build();
      case SealPolicy.AnyApproved _ ->
          message.setAnyApproved(AnyApproved.getDefaultInstance()).build();
      case SealPolicy.UpgradeSet set ->
          message
              .setUpgradeSet(
                  UpgradeSet.newBuilder()
                      .setPublisher(ByteString.copyFrom(set.publisher().digest()))
                      .setProduct(set.product())
                      .setMinVersion(set.minVersion()))
              .build();
    };
  }

  /**
   * The policy of a message; a message of no kind means this measurement.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SealPolicy policy(dev.keystead.program.api.SealPolicy message) {
    return switch (message.getKindCase()) {
      case THIS_MEASUREMENT, KIND_NOT_SET -> new SealPolicy.ThisMeasurement();
      case ANY_APPROVED -> new SealPolicy.AnyApproved();
      case UPGRADE_SET -> {
        UpgradeSet set = message.getUpgradeSet();
        KeyPrincipal publisher =
            new KeyPrincipal(Segment.of("key", set.getPublisher().toByteArray()));
        yield new SealPolicy.UpgradeSet(publisher, set.getProduct(), set.getMinVersion());
      }
    };
  }
}
