package nnc.cli.generate;

import java.io.PrintWriter;
import java.util.stream.IntStream;
import nnc.runtime.Prompt;
import nnc.runtime.TextGenerator;

/** Prints a text while it is generated. */
final class GrowingText {
  /** What stands for a character of which some bytes are still to come. */
  private static final String INCOMPLETE = "\uFFFD";

  private final TextGenerator texts;
  private final PrintWriter out;
  private String printed = "";

  GrowingText(TextGenerator texts, PrintWriter out) {
    this.texts = texts;
    this.out = out;
  }

  /** Prints a prompt and what follows it. */
  void print(Prompt prompt) {
    int[][] all = {prompt.symbols()};
    show(all[0], false);
    texts
        .generator()
        .generate(
            prompt,
            symbol -> {
              all[0] = IntStream.concat(IntStream.of(all[0]), IntStream.of(symbol)).toArray();
              show(all[0], false);
            });
    show(all[0], true);
    out.println();
    out.flush();
  }

  private void show(int[] symbols, boolean whole) {
    String text = texts.target().decode(symbols);
    if (text.startsWith(printed) && (whole || !text.endsWith(INCOMPLETE))) {
      out.print(text.substring(printed.length()));
      out.flush();
      printed = text;
    }
  }
}
