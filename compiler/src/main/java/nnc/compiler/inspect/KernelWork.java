package nnc.compiler.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import nnc.compiler.ir.Elementwise;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Kernel;
import nnc.compiler.plan.Plan;

/**
 * What a kernel that is not several does in a run of its program.
 *
 * @param id its number in the plan; 12.3 for the fourth of 12's
 * @param number of the kernel of the plan that it is, or is part of
 * @param operations multiplications and additions count one each
 * @param bytes what it reads and writes, each value once each time it runs
 */
record KernelWork(String id, int number, Kernel kernel, List<Term> operations, List<Moved> bytes) {
  private static final Size WORD = Size.of(Float.BYTES);

  /** Operations for a value, the layers that it is computed in, and whether it belongs to a gradient. */
  record Term(Size amount, List<String> layers, boolean gradient) {
    String layer() {
      return layers.isEmpty() ? "" : layers.getFirst();
    }
  }

  /** The bytes of a buffer that are read or written. */
  record Moved(String buffer, Size amount) {}

  static List<KernelWork> of(Plan plan) {
    List<KernelWork> all = new ArrayList<>();
    for (int i = 0; i < plan.kernels().size(); i++) {
      add(plan.kernels().get(i), String.valueOf(i), i, Size.ONE, all);
    }
    return all;
  }

  private static void add(Kernel kernel, String id, int number, Size runs, List<KernelWork> all) {
    if (kernel.inner().isEmpty()) {
      all.add(
          new KernelWork(
              id,
              number,
              kernel,
              operations(kernel).stream()
                  .filter(term -> term.amount().factor() != 0)
                  .map(term -> new Term(term.amount().times(runs), term.layers(), term.gradient()))
                  .toList(),
              bytes(kernel)
                  .map(moved -> new Moved(moved.buffer(), moved.amount().times(WORD).times(runs)))
                  .toList()));
      return;
    }
    for (int i = 0; i < kernel.inner().size(); i++) {
      Kernel inner = kernel.inner().get(i);
      boolean step =
          kernel instanceof Kernel.Recurrence recurrence && recurrence.steps().contains(inner);
      Size times = step ? runs.times(Size.of(((Kernel.Recurrence) kernel).length())) : runs;
      add(inner, id + "." + i, number, times, all);
    }
  }

  private static List<Term> operations(Kernel kernel) {
    Node subject = kernel.head().subject();
    return switch (kernel) {
      case Kernel.Loop loop -> {
        List<Term> terms = new ArrayList<>();
        loop.product().ifPresent(head -> terms.add(product(head)));
        terms.addAll(loop(loop.body()));
        yield terms;
      }
      case Kernel.Total total -> {
        List<Term> terms = new ArrayList<>(loop(total.body()));
        terms.add(term(subject, places(total.body())));
        yield terms;
      }
      case Kernel.Columns columns ->
          List.of(term(subject, columns.outer().times(columns.rows()).times(columns.columns())));
      case Kernel.Overlaps overlaps ->
          List.of(
              term(
                  subject,
                  overlaps
                      .rows()
                      .times(Size.of((long) overlaps.places() * overlaps.size()))
                      .times(overlaps.columns())));
      case Kernel.ScatterAdd scatter ->
          scatter.parts().stream()
              .map(part -> term(subject, part.count().times(scatter.width())))
              .toList();
      case Kernel.Draw draw -> List.of(term(subject, draw.choices()));
      case Kernel.Fill fill ->
          List.of(term(subject, fill.elements().times(Size.of(Operations.FUNCTION))));
      case Kernel.Copy _, Kernel.Pack _, Kernel.Gather _, Kernel.Recurrence _, Kernel.Items _ ->
          List.of();
    };
  }

  private static Term term(Node node, Size amount) {
    return new Term(amount, node.layers(), node.gradientOf().isPresent());
  }

  private static Term product(Kernel.ProductHead head) {
    return term(
        head.node(),
        Size.of(2).times(head.batch()).times(head.m()).times(head.k()).times(head.n()));
  }

  private static Size places(Kernel.LoopBody body) {
    return body.rows().times(body.columns());
  }

  /** What is computed again in a later phase counts again. */
  private static List<Term> loop(Kernel.LoopBody body) {
    List<Term> terms = new ArrayList<>();
    for (Kernel.Phase phase : body.phases()) {
      phase.rowValues().forEach(node -> terms.add(term(node, body.rows().times(cost(node)))));
      Stream.of(phase.columnValues(), phase.reductions())
          .flatMap(List::stream)
          .forEach(node -> terms.add(term(node, places(body).times(cost(node)))));
    }
    return terms;
  }

  private static Size cost(Node node) {
    return Size.of(node.op() instanceof Elementwise op ? Operations.of(op) : 1);
  }

  private static Stream<Moved> bytes(Kernel kernel) {
    if (kernel instanceof Kernel.Gather gather) {
      Size rows = gather.count().times(gather.width());
      return Stream.of(
          new Moved("ids", gather.count()), new Moved("from", rows), new Moved("to", rows));
    }
    return Stream.of(kernel.head().reads(), kernel.head().writes())
        .flatMap(List::stream)
        .map(buffer -> new Moved(buffer.name(), buffer.shape().elements()));
  }
}
