package nnc.compiler.source;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user is told about an error: where it is, what was expected, what was found, how to mend it.
 *
 * @param id the kind of error, a stable word: {@code shape}, {@code name}, {@code syntax} …
 * @param message one line: what is wrong
 * @param span the offending part; null only for errors that have no place in a .nn text (a file that is missing …)
 * @param labels further places with a remark each, underlined below the line
 * @param notes lines that explain: the sizes found, in the user's own names
 * @param helps how it may be mended
 */
public record Diagnostic(
    String id,
    String message,
    @Nullable Span span,
    List<Label> labels,
    List<String> notes,
    List<String> helps) {

  /** A remark on a place: {@code ^^ [512, 10], declared at line 9}. */
  public record Label(Span span, String remark) {}

  public Diagnostic {
    labels = List.copyOf(labels);
    notes = List.copyOf(notes);
    helps = List.copyOf(helps);
  }

  public static Diagnostic at(Span span, String id, String message) {
    return new Diagnostic(id, message, span, List.of(), List.of(), List.of());
  }

  /** An error that has no place in a .nn text. */
  public static Diagnostic of(String id, String message) {
    return new Diagnostic(id, message, null, List.of(), List.of(), List.of());
  }

  public Diagnostic label(Span place, String remark) {
    return new Diagnostic(id, message, span, with(labels, new Label(place, remark)), notes, helps);
  }

  public Diagnostic note(String note) {
    return new Diagnostic(id, message, span, labels, with(notes, note), helps);
  }

  public Diagnostic help(String help) {
    return new Diagnostic(id, message, span, labels, notes, with(helps, help));
  }

  private static <T> List<T> with(List<T> list, T more) {
    List<T> longer = new ArrayList<>(list);
    longer.add(more);
    return longer;
  }
}
