package nnc.cli.output;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nnc.runtime.Quoted;

/** Symbols of texts that a model was never trained on, and reads as unknown: so that the user hears of them, once. */
public final class UnknownSymbols {
  private static final int SHOWN = 5;

  private final Map<String, Found> found = new LinkedHashMap<>();
  private final Map<String, Unread> unread = new LinkedHashMap<>();

  private static final class Found {
    private final Set<String> first = new LinkedHashSet<>();
    private long count;
  }

  /** @param first where the first text was of which nothing is known */
  private record Unread(String first, long others) {}

  /** @param symbols unknown ones of a text for this input */
  public synchronized void add(String input, List<String> symbols) {
    if (!symbols.isEmpty()) {
      Found all = found.computeIfAbsent(input, name -> new Found());
      all.count += symbols.size();
      symbols.stream()
          .limit(SHOWN)
          .filter(symbol -> all.first.size() < SHOWN)
          .forEach(all.first::add);
    }
  }

  /** @param place where a text for this input is, all of whose symbols are unknown */
  public synchronized void addWhole(String input, String place) {
    unread.merge(
        input, new Unread(place, 0), (before, now) -> new Unread(before.first, before.others + 1));
  }

  /** Writes a line for each input that was given unknown symbols, and one if whole texts were of them. */
  public synchronized void tell(PrintWriter err) {
    found.forEach((input, all) ->
        err.println(
            String.format(
                Locale.ROOT,
                all.count == 1
                    ? "warning: a symbol is unknown to '%2$s', and was read as <unknown>: %3$s"
                    : "warning: %1$,d symbols are unknown to '%2$s', and were read as <unknown>, such as %3$s",
                all.count,
                input,
                Quoted.list(all.first))));
    unread.forEach((input, texts) ->
        err.println(
            "warning: "
                + texts.first
                + ": no symbol is known to '"
                + input
                + "', so the answer says nothing"
                + (texts.others == 0
                    ? ""
                    : String.format(Locale.ROOT, "; likewise in %,d more", texts.others))));
    err.flush();
  }
}
