package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import nnc.compiler.ir.Known;
import nnc.compiler.ir.Shape;

/** Tables of which a step visits only the rows that its ids name: numbers them, and tells their kernels. */
final class SparseTables {
  private final List<Plan.SparseTable> tables = new ArrayList<>();

  List<Plan.SparseTable> tables() {
    return tables;
  }

  /** @param gradients where the gradients of sparse tables lie, and the tables' paths */
  Kernel gradient(Kernel kernel, Map<Buffer, String> gradients, Planner.Task task) {
    if (!(kernel instanceof Kernel.ScatterAdd scatter)
        || !gradients.containsKey(scatter.result())) {
      return kernel;
    }
    String path = Objects.requireNonNull(gradients.get(scatter.result()));
    long ids = scatter.parts().stream().mapToLong(part -> part.count().maximum()).sum();
    if (task.accumulated() > 1) {
      ids =
          Math.min(ids * task.accumulated(), Known.in(task.parameters(), path).size(0).constant());
    }
    tables.add(new Plan.SparseTable(path, Math.toIntExact(ids)));
    return scatter.sparse(tables.size() - 1);
  }

  /** A pass over a group's parameters that leaves nothing behind but parameters and states visits some rows only. */
  Kernel update(Kernel kernel, Planner.Task task, Map<String, Integer> offsets) {
    boolean pass =
        kernel instanceof Kernel.Loop loop
            && loop.columnsShared()
            && loop.head().writes().stream()
                .allMatch(buffer -> buffer.space() != Buffer.Space.MEMORY);
    if (!pass) {
      return kernel;
    }
    int group = group((Kernel.Loop) kernel, task);
    if (group < 0) {
      return kernel;
    }
    int start = task.groupSizes().subList(0, group).stream().mapToInt(Integer::intValue).sum();
    int end = start + task.groupSizes().get(group);
    return ((Kernel.Loop) kernel)
        .only(
            IntStream.range(0, tables.size())
                .filter(table -> {
                  int offset = Known.in(offsets, tables.get(table).path());
                  return start <= offset && offset < end;
                })
                .mapToObj(table -> rows(table, task, offsets, start))
                .sorted(Comparator.comparingInt(Kernel.SparseRows::start))
                .toList());
  }

  private Kernel.SparseRows rows(
      int table, Planner.Task task, Map<String, Integer> offsets, int groupStart) {
    String path = tables.get(table).path();
    Shape shape = Known.in(task.parameters(), path);
    int height = shape.size(0).constant();
    return new Kernel.SparseRows(
        table,
        path,
        Known.in(offsets, path) - groupStart,
        height,
        shape.elements().constant() / height);
  }

  /** The group whose parameters the loop writes, or -1. */
  private static int group(Kernel.Loop loop, Planner.Task task) {
    return IntStream.range(0, task.groupSizes().size())
        .filter(group ->
            loop.head().writes().stream()
                .anyMatch(buffer ->
                    buffer.space() == Buffer.Space.PARAMETERS && buffer.name().equals("w" + group)))
        .findFirst()
        .orElse(-1);
  }
}
