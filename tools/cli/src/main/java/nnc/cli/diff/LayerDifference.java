package nnc.cli.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Layers that only one of the models has.
 *
 * @param renamed what layers of A are called in B, which do the same there
 */
public record LayerDifference(
    List<String> added, List<String> removed, Map<String, String> renamed) {
  static LayerDifference of(Side a, Side b, Renaming renaming) {
    List<String> before =
        a.layers().stream().map(renaming::path).flatMap(Optional::stream).toList();
    List<String> removed = new ArrayList<>();
    for (String layer : a.layers()) {
      if (renaming.path(layer).filter(b.layers()::contains).isEmpty()) {
        removed.add(layer);
      }
    }
    return new LayerDifference(
        b.layers().stream().filter(layer -> !before.contains(layer)).toList(),
        removed,
        renaming.layers());
  }

  boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && renamed.isEmpty();
  }
}
