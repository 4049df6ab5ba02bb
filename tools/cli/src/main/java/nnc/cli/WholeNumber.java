package nnc.cli;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The number of an option.
 *
 * @param parse throws a {@link NumberFormatException} where the text is none, or too large
 */
record WholeNumber<T>(Function<String, T> parse) implements ITypeConverter<T> {
  @Override
  public T convert(String text) {
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      boolean tooLarge = text.matches("[-+]?[0-9]+");
      throw new TypeConversionException(
          "a whole number was expected, found '"
              + text
              + "'"
              + (tooLarge ? ", which is too large" : ""));
    }
  }
}
