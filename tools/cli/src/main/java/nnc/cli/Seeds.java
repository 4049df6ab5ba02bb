package nnc.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seeds of several trainings: {@code 1..5}, {@code 1,2,3}, or both, {@code 1..3,7}. */
record Seeds(List<Long> all) {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");
  private static final int MOST = 1000;
  private static final String DIRECTORY = "seed-";

  /** What the directory of a seed's training is called. */
  static String directory(long seed) {
    return DIRECTORY + seed;
  }

  static boolean isDirectory(String name) {
    return name.matches(DIRECTORY + "\\d+");
  }

  /** Reads them as they are written. */
  static final class Converter implements ITypeConverter<Seeds> {
    @Override
    public Seeds convert(String text) {
      List<Long> seeds =
          Stream.of(text.split(",", -1))
              .flatMapToLong(part -> seeds(part, text))
              .limit(MOST + 1)
              .boxed()
              .toList();
      if (seeds.stream().distinct().count() != seeds.size()
          || seeds.size() < 2
          || seeds.size() > MOST) {
        throw wrong(text);
      }
      return new Seeds(seeds);
    }

    private static LongStream seeds(String part, String text) {
      Matcher written = PART.matcher(part);
      if (!written.matches()) {
        throw wrong(text);
      }
      long first = Long.parseLong(written.group(1));
      String last = written.group(2);
      return LongStream.rangeClosed(first, last == null ? first : Long.parseLong(last));
    }

    private static TypeConversionException wrong(String text) {
      return new TypeConversionException(
          "expected two to "
              + MOST
              + " different seeds, 1..5 or 1,2,3 for instance, found '"
              + text
              + "'");
    }
  }
}
