package nnc.compiler.emit;

import com.palantir.javapoet.CodeBlock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nnc.compiler.ir.Node;
import nnc.compiler.source.Span;
import nnc.runtime.SourceMap;
import nnc.runtime.SourceMap.Place;

/**
 * Where the lines of generated code come from. While code is written, a line of its own marks the place of what follows in its
 * block, up to the next mark; from the finished text the marks are taken out, and what is left of them is a map.
 */
final class Lines {
  private static final Pattern MARK = Pattern.compile("//@(\\d+)");

  private final List<Place> places = new ArrayList<>();

  /** A text without marks, and where its lines come from. */
  record Text(String text, SourceMap map) {}

  private record Block(int indent, Place place) {}

  /** What follows comes from where this value does; if that is nowhere, from where the statement before does. */
  CodeBlock of(Node node) {
    return node.place().map(Lines::place).map(this::mark).orElseGet(() -> CodeBlock.of(""));
  }

  private CodeBlock mark(Place place) {
    if (!places.contains(place)) {
      places.add(place);
    }
    return CodeBlock.of("//@$L\n", places.indexOf(place));
  }

  private static Place place(Span span) {
    String path = span.source().isLibrary() ? span.source().name() : span.source().fileName();
    return new Place(shown(path), span.line());
  }

  /** A file may be named in ways that must not end a line or a comment. */
  static String shown(String name) {
    return name.replaceAll("[\\\\\\p{Cntrl}]", "_");
  }

  /** Takes the marks out. A method's last line, where it returns, comes from where the method does. */
  Text taken(String marked) {
    StringBuilder text = new StringBuilder();
    SortedMap<Integer, Place> map = new TreeMap<>();
    Deque<Block> blocks = new ArrayDeque<>();
    int number = 1;
    for (String line : marked.split("(?<=\n)")) {
      int indent = line.length() - line.stripLeading().length();
      Block here = blocks.peek();
      while (!line.isBlank() && !blocks.isEmpty() && blocks.peek().indent() > indent) {
        here = blocks.pop();
      }
      here = blocks.isEmpty() ? here : blocks.peek();
      Matcher mark = MARK.matcher(line.strip());
      if (mark.matches()) {
        if (here != null && here.indent() == indent) {
          blocks.pop();
        }
        blocks.push(new Block(indent, places.get(Integer.parseInt(mark.group(1)))));
        continue;
      }
      if (here != null && !line.isBlank()) {
        map.put(number, here.place());
      }
      text.append(line);
      number++;
    }
    return new Text(text.toString(), new SourceMap(map));
  }
}
