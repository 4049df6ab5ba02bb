package nnc.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which line of a model each line of a generated class comes from. It travels in the class as its SourceDebugExtension (JSR 45:
 * Debugging Support for Other Languages), by which debuggers step through the model; the class's own line numbers are those of
 * the Java.
 *
 * @param places by lines of the Java, counted from 1
 */
public record SourceMap(SortedMap<Integer, Place> places) {
  public static final SourceMap NONE = new SourceMap(new TreeMap<>());

  /** What debuggers call the language that lines are mapped to. */
  private static final String STRATUM = "NN";

  private static final Pattern FILE = Pattern.compile("^\\+ (\\d+) .*\n(.*)$", Pattern.MULTILINE);
  private static final Pattern LINES =
      Pattern.compile("^(\\d+)#(\\d+):(\\d+),(\\d+)$", Pattern.MULTILINE);

  /**
   * A line of a model, counted from 1.
   *
   * @param path the name of the author's file; of one of the library, its path: {@code library/optimizers.nn}
   */
  public record Place(String path, int line) {
    /** The last part of the path. */
    public String file() {
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** {@code digits.nn:9}. */
    @Override
    public String toString() {
      return file() + ":" + line;
    }
  }

  /** Where that line of the Java comes from. */
  public Optional<Place> place(int line) {
    return Optional.ofNullable(places.get(line));
  }

  /** The map as JSR 45 writes it. */
  public String text(String javaFile) {
    List<String> paths = places.values().stream().map(Place::path).distinct().toList();
    StringBuilder text = new StringBuilder("SMAP\n").append(javaFile).append('\n');
    text.append(STRATUM).append("\n*S ").append(STRATUM).append("\n*F\n");
    for (int i = 0; i < paths.size(); i++) {
      String file = new Place(paths.get(i), 1).file();
      text.append("+ " + (i + 1) + " " + file + "\n" + paths.get(i) + "\n");
    }
    text.append("*L\n");
    int first = 0;
    for (Map.Entry<Integer, Place> each : places.entrySet()) {
      int line = each.getKey();
      Place place = each.getValue();
      first = place.equals(places.get(line - 1)) ? first : line;
      if (!place.equals(places.get(line + 1))) {
        int file = paths.indexOf(place.path()) + 1;
        text.append(place.line() + "#" + file + ":" + first + "," + (line + 1 - first) + "\n");
      }
    }
    return text.append("*E\n").toString();
  }

  /** Reads what {@link #text} has written. */
  public static SourceMap parse(String text) {
    Map<String, String> paths = new TreeMap<>();
    Matcher files = FILE.matcher(text);
    while (files.find()) {
      paths.put(files.group(1), files.group(2));
    }
    SortedMap<Integer, Place> places = new TreeMap<>();
    Matcher lines = LINES.matcher(text);
    while (lines.find()) {
      Place place = new Place(paths.get(lines.group(2)), Integer.parseInt(lines.group(1)));
      int first = Integer.parseInt(lines.group(3));
      for (int i = 0; i < Integer.parseInt(lines.group(4)); i++) {
        places.put(first + i, place);
      }
    }
    return new SourceMap(places);
  }
}
