package nnc.compiler.plan;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What makes a plan quicker or smaller, and can be left out of it. */
public enum PlanChoice {
  FUSE_ELEMENTS("loops over the same places, of which one reads the other, are one loop"),
  FUSE_ROWS("rows are reduced, and read again, in the loop that computes them"),
  FUSE_PRODUCTS("what follows a product element by element is done to its tiles"),
  FUSE_UPDATES(
      "an optimizer's equations are one pass over the parameters, also where none reads another"),
  SIDE_BY_SIDE("what is put together is written side by side by the loop that computes it"),
  IN_PLACE("a product's tile is overwritten by what follows it, a parameter by its next value"),
  RECOMPUTE_ROWS("in a later loop over a row, what is cheap is computed again, not kept"),
  PACK_ONCE("what products of all steps have on their right is packed before the first of them"),
  ITEM_GROUPS("in a loop, an item of a batch goes through all products and loops on one thread"),
  ITEM_SCRATCH("what is needed for one item of a group alone lies in its thread's own memory"),
  ROW_SHARES(
      "where no row of a batch meets another, a thread takes its rows through all steps of a loop"),
  SPARSE_TABLES("a step visits those rows of a table that its ids name"),
  SHARE_MEMORY("values that are not needed at the same time lie at one place");

  private final String law;

  PlanChoice(String law) {
    this.law = law;
  }

  /** What reports and options call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names and laws, for the reader of a report. */
  public static Map<String, String> laws() {
    Map<String, String> laws = new LinkedHashMap<>();
    for (PlanChoice choice : values()) {
      laws.put(choice.label(), choice.law);
    }
    return laws;
  }
}
