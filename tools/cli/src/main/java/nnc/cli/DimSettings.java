package nnc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --set}: sizes of dims, other than those that the model declares. */
class DimSettings {
  @Option(
      names = "--set",
      paramLabel = "DIM=SIZE",
      converter = Setting.Converter.class,
      description = "Gives a dim of the model another size: --set B=128. May be repeated.")
  private List<Setting> settings = new ArrayList<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** The sizes that were set, by the names of their dims. */
  Map<String, Integer> settings() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (Setting setting : settings) {
      Integer before = sizes.put(setting.dim(), setting.size());
      if (before != null) {
        throw new ParameterException(
            spec.commandLine(),
            "--set gives the dim '"
                + setting.dim()
                + "' two sizes, "
                + before
                + " and "
                + setting.size());
      }
    }
    return sizes;
  }

  /** A dim and its size: {@code B=128}. */
  private record Setting(String dim, int size) {

    private static final Pattern FORM = Pattern.compile("([^=]+)=(-?\\d{1,18})");

    private static final class Converter implements ITypeConverter<Setting> {
      @Override
      public Setting convert(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
          throw new TypeConversionException("expected DIM=SIZE, B=128 for instance, found " + text);
        }
        long size = Long.parseLong(parts.group(2));
        // one that no tensor can have is told as such, with the tensor
        return new Setting(
            parts.group(1), (int) Math.clamp(size, Integer.MIN_VALUE, Integer.MAX_VALUE));
      }
    }
  }
}
