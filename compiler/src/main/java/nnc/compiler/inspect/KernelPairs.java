package nnc.compiler.inspect;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The kernels of two plans of one model, with different sizes of a dim, that do the same. Mostly the plans agree kernel by
 * kernel, or at least in their names. Where either has some that the other does not need, as many as possible are paired in
 * their order (a longest common subsequence).
 */
final class KernelPairs {
  private final List<KernelWork> own;
  private final List<KernelWork> others;

  /** How many pairs there can be from one kernel and another one on. */
  private final int[][] most;

  private KernelPairs(List<KernelWork> own, List<KernelWork> others) {
    this.own = own;
    this.others = others;
    most = new int[own.size() + 1][others.size() + 1];
    for (int i = own.size() - 1; i >= 0; i--) {
      for (int j = others.size() - 1; j >= 0; j--) {
        most[i][j] =
            isSame(i, j) ? most[i + 1][j + 1] + 1 : Math.max(most[i + 1][j], most[i][j + 1]);
      }
    }
  }

  /** The other kernels by one's own. */
  static Map<KernelWork, KernelWork> of(List<KernelWork> own, List<KernelWork> others) {
    boolean agree =
        own.size() == others.size()
            && IntStream.range(0, own.size()).allMatch(i -> isAlike(own.get(i), others.get(i)));
    Map<KernelWork, KernelWork> pairs = new IdentityHashMap<>();
    if (agree) {
      IntStream.range(0, own.size()).forEach(i -> pairs.put(own.get(i), others.get(i)));
    } else if (names(own).equals(names(others))) {
      addNamesakes(own, others, pairs);
    } else {
      pairs.putAll(new KernelPairs(own, others).pairs());
    }
    return pairs;
  }

  private static Set<String> names(List<KernelWork> kernels) {
    return kernels.stream().map(KernelPairs::name).collect(Collectors.toSet());
  }

  private static void addNamesakes(
      List<KernelWork> own, List<KernelWork> others, Map<KernelWork, KernelWork> pairs) {
    Map<String, KernelWork> byName = new HashMap<>();
    others.forEach(other -> byName.put(name(other), other));
    for (KernelWork work : own) {
      Optional.ofNullable(byName.get(name(work)))
          .filter(other -> isAlike(work, other))
          .ifPresent(other -> pairs.put(work, other));
    }
  }

  private Map<KernelWork, KernelWork> pairs() {
    Map<KernelWork, KernelWork> pairs = new IdentityHashMap<>();
    int i = 0;
    int j = 0;
    while (i < own.size() && j < others.size()) {
      if (isSame(i, j)) {
        pairs.put(own.get(i++), others.get(j++));
      } else if (most[i + 1][j] >= most[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
    return pairs;
  }

  private boolean isSame(int i, int j) {
    KernelWork a = own.get(i);
    KernelWork b = others.get(j);
    return isAlike(a, b)
        && a.kernel().head().part() == b.kernel().head().part()
        && stem(a).equals(stem(b));
  }

  private static boolean isAlike(KernelWork a, KernelWork b) {
    return a.kernel().getClass() == b.kernel().getClass()
        && a.operations().size() == b.operations().size();
  }

  private static String name(KernelWork work) {
    return work.kernel().head().part() + " " + work.kernel().head().name();
  }

  /** The name without a number: of what has no name of its own it is another one in each plan. */
  private static String stem(KernelWork work) {
    String name = work.kernel().head().name();
    int end = name.length();
    while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '_')) {
      end--;
    }
    return name.substring(0, end);
  }
}
