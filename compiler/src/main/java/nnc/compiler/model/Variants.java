package nnc.compiler.model;

import java.util.ArrayList;
import java.util.List;
import nnc.compiler.syntax.Ast;

/** Several ways to train one model: {@code train Digits as momentum { optimizer Momentum }}. */
final class Variants {
  private Variants() {}

  static List<String> names(List<Ast.TrainDeclaration> blocks) {
    return blocks.stream().flatMap(block -> block.variant().stream()).map(Ast.Name::text).toList();
  }

  /** What a variant says, and of what it says nothing of, what the common block says. */
  static Ast.TrainDeclaration over(Ast.TrainDeclaration common, Ast.TrainDeclaration variant) {
    List<Ast.TrainItem> items = new ArrayList<>(variant.items());
    for (Ast.TrainItem item : common.items()) {
      if (variant.items().stream().noneMatch(own -> replaces(own, item))) {
        items.add(item);
      }
    }
    return new Ast.TrainDeclaration(
        variant.name(), variant.variant(), variant.doc(), items, variant.span());
  }

  private static boolean replaces(Ast.TrainItem own, Ast.TrainItem common) {
    return switch (own) {
      case Ast.DataItem data ->
          common instanceof Ast.DataItem other && other.evaluation() == data.evaluation();
      case Ast.OptimizerItem ignored -> common instanceof Ast.OptimizerItem;
      case Ast.ClipItem clip ->
          common instanceof Ast.ClipItem other && other.byNorm() == clip.byNorm();
      case Ast.SettingItem setting ->
          common instanceof Ast.SettingItem other
              && other.name().text().equals(setting.name().text());
      case Ast.FreezeItem ignored -> false;
    };
  }
}
