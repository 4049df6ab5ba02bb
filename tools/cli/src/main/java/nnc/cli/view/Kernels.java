package nnc.cli.view;

import static java.util.stream.Collectors.toCollection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nnc.cli.view.PageData.Role;
import nnc.compiler.Compilation;
import nnc.compiler.emit.JavaSource;
import nnc.compiler.explain.KernelFormulas;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Node;
import nnc.compiler.plan.Buffer;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;

/** The kernels of a plan, with the Java that was written for each, and the buffers that they read and write. */
final class Kernels {
  /** A kernel's method in the Java to read; its loops follow, and are handed no worker. */
  private static final Pattern METHOD = Pattern.compile("  void (\\w+)\\(Worker w\\b.*");

  private final Origins origins;
  private final Graphs graphs;
  private final Plan plan;
  private final KernelFormulas formulas;
  private final List<PageData.Kernel> kernels = new ArrayList<>();
  private final Map<Buffer, Integer> buffers = new LinkedHashMap<>();
  private final List<PageData.Java> java = new ArrayList<>();
  private final Map<Kernel.Part, Methods> methods = new LinkedHashMap<>();

  /** Where the methods of a file begin that have not been given to a kernel yet. */
  private static final class Methods {
    final int file;
    final List<String> lines;
    int at;

    Methods(int file, String text) {
      this.file = file;
      this.lines = text.lines().toList();
      this.at = next(0);
    }

    int next(int from) {
      int line = from;
      while (line < lines.size() && !METHOD.matcher(lines.get(line)).matches()) {
        line++;
      }
      return line == lines.size() ? line - 1 : line; // the last line closes the class
    }

    void require(String name) {
      Matcher method = METHOD.matcher(lines.get(at));
      if (!method.matches() || !method.group(1).equals(name)) {
        throw new IllegalStateException(
            "view: expected the method of kernel " + name + ", found " + lines.get(at));
      }
    }
  }

  /** @param graphs with the optimized graph as its last stage */
  Kernels(Origins origins, Graphs graphs, Compilation compilation) {
    this.origins = origins;
    this.graphs = graphs;
    this.plan = compilation.plan();
    this.formulas = compilation.formulas();
    String main = compilation.java().getFirst().name();
    for (Kernel.Part part : Kernel.Part.values()) {
      for (JavaSource source : compilation.java()) {
        if (source.name().substring(main.length()).toUpperCase(Locale.ROOT).equals(part.name())) {
          methods.put(part, new Methods(java.size(), source.reading()));
          java.add(new PageData.Java(source.path(), source.reading()));
        }
      }
    }
    for (int i = 0; i < plan.kernels().size(); i++) {
      add(plan.kernels().get(i), Optional.empty(), programs(i));
    }
  }

  List<PageData.Kernel> kernels() {
    return kernels;
  }

  List<PageData.Java> java() {
    return java;
  }

  List<PageData.Buffer> buffers() {
    return buffers.keySet().stream()
        .map(buffer -> {
          boolean part = buffer.part().isPresent();
          boolean passes = !part && buffer.space() == Buffer.Space.MEMORY;
          return new PageData.Buffer(
              buffer.name(),
              buffer.shape().toString(),
              buffer.space().name().toLowerCase(Locale.ROOT),
              buffer.shape().elements().maximum(),
              buffer.part().map(each -> Known.in(buffers, each.whole())),
              part ? 0 : buffer.offset(),
              passes ? buffer.firstUse() : -1,
              passes ? buffer.lastUse() : -1);
        })
        .toList();
  }

  private List<String> programs(int kernel) {
    return plan.programs().entrySet().stream()
        .filter(program -> program.getValue().contains(kernel))
        .map(program -> program.getKey().name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** The kernel, then those inside of it: in this order their methods were written. */
  private void add(Kernel kernel, Optional<Integer> parent, List<String> programs) {
    Kernel.Head head = kernel.head();
    Methods written = Known.in(methods, head.part());
    written.require(head.name());
    int from = written.at;
    written.at = written.next(from + 1);
    List<Node> computed = computed(kernel);
    TreeSet<Integer> places =
        Stream.concat(computed.stream(), Stream.of(head.subject()))
            .map(origins::origin)
            .filter(origin -> origin != Origins.NONE)
            .collect(toCollection(TreeSet::new));
    int number = kernels.size();
    kernels.add(
        new PageData.Kernel(
            head.name(),
            Role.valueOf(head.part().name()),
            List.copyOf(places),
            origins.place(head.subject()),
            computed.stream().map(graphs::number).flatMap(Optional::stream).distinct().toList(),
            parent,
            formulas.of(kernel),
            programs,
            numbers(head.reads()),
            numbers(head.writes()),
            written.file,
            from,
            written.at));
    if (kernel instanceof Kernel.Recurrence recurrence) {
      recurrence.before().forEach(inner -> add(inner, Optional.of(number), programs));
      recurrence.steps().forEach(inner -> add(inner, Optional.of(number), programs));
    }
    if (kernel instanceof Kernel.Items items) {
      items.steps().forEach(inner -> add(inner, Optional.of(number), programs));
    }
  }

  /** The values that a kernel computes itself. */
  private static List<Node> computed(Kernel kernel) {
    LinkedHashSet<Node> nodes = new LinkedHashSet<>();
    nodes.add(kernel.head().subject());
    if (kernel instanceof Kernel.Loop loop) {
      loop.product().ifPresent(product -> nodes.add(product.node()));
      nodes.addAll(loop.body().nodes());
    }
    if (kernel instanceof Kernel.Total total) {
      nodes.addAll(total.body().nodes());
      nodes.add(total.summand());
    }
    return List.copyOf(nodes);
  }

  private List<Integer> numbers(List<Buffer> used) {
    return used.stream().map(this::number).distinct().toList();
  }

  private int number(Buffer buffer) {
    buffer.part().ifPresent(part -> number(part.whole()));
    return buffers.computeIfAbsent(buffer, ignored -> buffers.size());
  }
}
