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

  private static final class Found {
    private final Set<String> first = new LinkedHashSet<>();
    private long count;
  }

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

  /** Writes a line for each input that was given unknown symbols. */
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
    err.flush();
  }
}
