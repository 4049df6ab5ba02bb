package nnc.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import nnc.runtime.Nearest;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One of the constants of an enum, typed in lower case. */
abstract class Choice<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  Choice(Class<E> type) {
    this.type = type;
  }

  static String typed(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public E convert(String value) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return constants.stream()
        .filter(constant -> constant.name().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(() -> {
          List<String> choices = constants.stream().map(Choice::typed).toList();
          return new TypeConversionException(
              "expected one of "
                  + String.join(", ", choices)
                  + ", found '"
                  + value
                  + "'"
                  + Nearest.to(value, choices)
                      .map(near -> "; did you mean '" + near + "'?")
                      .orElse(""));
        });
  }
}
