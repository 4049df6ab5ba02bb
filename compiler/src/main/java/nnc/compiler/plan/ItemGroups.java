package nnc.compiler.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import nnc.compiler.ir.Size;
import nnc.compiler.plan.Kernel.Head;

/**
 * Batches of products, such as those of the heads of attention, and the loops around them: each item of the batch goes through all
 * of them on one thread, one region for many, and what one leaves the next one finds in the nearest caches. A kernel may
 * join if of what others in the group write or read it touches the same item's part alone. Kernels in between that
 * depend on none of the group go before it.
 */
final class ItemGroups {
  /** With fewer items, threads share each product. */
  private static final int FEWEST_ITEMS = 8;

  private final KernelNames names;
  private final List<Kernel> gathered = new ArrayList<>();

  /** The group that is being gathered, and what has to wait for it. */
  private final List<Kernel.Loop> open = new ArrayList<>();

  private final List<Kernel> waiting = new ArrayList<>();

  private ItemGroups(KernelNames names) {
    this.names = names;
  }

  static List<Kernel> gather(List<Kernel> kernels, KernelNames names) {
    ItemGroups groups = new ItemGroups(names);
    List<Kernel> left = kernels;
    while (!left.isEmpty()) {
      left.forEach(groups::add);
      left = groups.close();
    }
    return groups.gathered;
  }

  private void add(Kernel kernel) {
    if (open.isEmpty()) {
      if (kernel instanceof Kernel.Loop loop && isBatch(loop)) {
        open.add(loop);
      } else {
        gathered.add(kernel);
      }
      return;
    }
    boolean waits = waiting.stream().anyMatch(other -> conflict(other.head(), kernel.head()));
    if (!waits && kernel instanceof Kernel.Loop loop && mayJoin(loop)) {
      open.add(loop);
    } else if (waits || open.stream().anyMatch(member -> conflict(member.head(), kernel.head()))) {
      waiting.add(kernel);
    } else {
      gathered.add(kernel);
    }
  }

  private boolean mayJoin(Kernel.Loop loop) {
    return hasItems(loop, count())
        && open.stream().allMatch(member -> mayFollow(member, loop, count()));
  }

  private Size count() {
    return open.getFirst().product().orElseThrow().batch();
  }

  private static boolean isBatch(Kernel.Loop loop) {
    return loop.product().isPresent()
        && loop.product().get().batch().maximum() >= FEWEST_ITEMS
        && hasItems(loop, loop.product().get().batch());
  }

  /**
   * Ends the group, and gives back what has waited for it. Loops at its end gain nothing from it, but would be cut into its
   * large pieces.
   */
  private List<Kernel> close() {
    List<Kernel> after = new ArrayList<>(waiting);
    waiting.clear();
    while (!open.isEmpty() && open.getLast().product().isEmpty()) {
      after.addFirst(open.removeLast());
    }
    if (!open.isEmpty()) {
      gathered.add(new Kernel.Items(head(), count(), open));
      open.clear();
    }
    return after;
  }

  private Head head() {
    Head last = open.getLast().head();
    String first = open.getFirst().head().name();
    return new Head(
        names.unique(open.size() == 1 ? "all_" + first : first + "_to_" + last.name()),
        last.subject(),
        last.part(),
        distinct(open.stream().flatMap(kernel -> kernel.head().reads().stream())),
        distinct(open.stream().flatMap(kernel -> kernel.head().writes().stream())));
  }

  private static List<Buffer> distinct(Stream<Buffer> buffers) {
    return List.copyOf(new LinkedHashSet<>(buffers.toList()));
  }

  private static boolean hasItems(Kernel.Loop loop, Size count) {
    if (loop.columnsShared() || !loop.sparse().isEmpty()) {
      return false;
    }
    return loop.product().isPresent()
        ? loop.product().get().batch().equals(count) && loop.product().get().uses() == 1
        : loop.body().rows().dividedBy(count).isPresent();
  }

  private static boolean conflict(Head a, Head b) {
    return touches(b, a.writes()) || touches(a, b.writes());
  }

  private static boolean touches(Head head, List<Buffer> written) {
    return head.touched().stream()
        .anyMatch(buffer -> written.stream().anyMatch(other -> other.root() == buffer.root()));
  }

  /** Whether all that two kernels share, and one of them writes, is touched by each item in its own part alone. */
  private static boolean mayFollow(Kernel.Loop first, Kernel.Loop second, Size count) {
    if (first.head().part() != second.head().part()) {
      return false;
    }
    Set<Buffer> shared = new LinkedHashSet<>();
    for (Buffer a : first.head().touched()) {
      for (Buffer b : second.head().touched()) {
        boolean written = first.head().writes().contains(a) || second.head().writes().contains(b);
        if (written && a.root() == b.root()) {
          if (a != b) {
            return false;
          }
          shared.add(a);
        }
      }
    }
    ItemAccess items = new ItemAccess(count);
    return shared.stream()
        .allMatch(buffer -> items.isOwn(first, buffer) && items.isOwn(second, buffer));
  }
}
