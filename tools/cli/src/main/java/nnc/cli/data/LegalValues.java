package nnc.cli.data;

import java.util.Optional;
import nnc.compiler.model.TypedModel;

/** Which values an input takes. */
public final class LegalValues {
  private LegalValues() {}

  /** What is wrong with a value, in words; empty if it is legal. */
  static Optional<String> problem(TypedModel.Input input, double value) {
    return isLegal(input, value)
        ? Optional.empty()
        : Optional.of(
            "the input '" + input.name() + "' takes " + expected(input) + ", found " + text(value));
  }

  public static boolean isLegal(TypedModel.Input input, double value) {
    return switch (input.type().element()) {
      case F32 -> Double.isFinite(value);
      case I32 ->
          value == Math.rint(value)
              && input
                  .idRange()
                  .map(range -> isId(range, value))
                  .orElse(Math.abs(value) <= 1 << 24);
      case BOOL -> value == 0 || value == 1;
    };
  }

  private static boolean isId(TypedModel.IdRange range, double value) {
    Integer ignored = range.ignored();
    return value >= 0 && value < range.classes() || ignored != null && value == ignored;
  }

  /** Which values those are, in words. */
  public static String expected(TypedModel.Input input) {
    return switch (input.type().element()) {
      case F32 -> "finite numbers";
      case I32 -> input.idRange().map(LegalValues::ids).orElse("whole numbers up to 2^24");
      case BOOL -> "0 or 1";
    };
  }

  private static String ids(TypedModel.IdRange range) {
    String ids = "whole numbers from 0 to " + (range.classes() - 1);
    return range.ignored() == null ? ids : ids + ", or " + range.ignored();
  }

  public static String text(double value) {
    return value == (long) value ? Long.toString((long) value) : Float.toString((float) value);
  }
}
