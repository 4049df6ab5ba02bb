package nnc.compiler.plan;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import nnc.compiler.ir.Node;
import nnc.compiler.ir.Recur;
import nnc.compiler.ir.Shape;
import nnc.compiler.ir.Size;
import nnc.compiler.ir.Slot;

/**
 * Where the values of a recurrence lie. Those of a state at all steps follow one another, in one buffer with its first value:
 * what a step leaves is what the next one finds. Other values that are kept have a buffer each; the rest is overwritten at
 * each step.
 */
final class RecurrencePlaces {
  private final Recur recur;
  private final int loop;
  private final Consumer<Buffer> buffers;
  private final Map<Integer, Buffer> states = new HashMap<>();
  private final Map<Integer, Buffer> values = new HashMap<>();

  /**
   * @param loop how many loops the steps stand in, this one included
   * @param buffers hears of buffers that need a place
   */
  RecurrencePlaces(Recur recur, int loop, Consumer<Buffer> buffers) {
    this.recur = recur;
    this.loop = loop;
    this.buffers = buffers;
  }

  private Node next(int state) {
    return recur.body().node(recur.next().get(state));
  }

  /** All values of a state, and its first. */
  private Buffer state(int state) {
    return states.computeIfAbsent(
        state,
        missing -> {
          Shape shape = next(state).shape().under(Size.of(recur.length() + 1L));
          return made(new Buffer(name(next(state), state), Buffer.Space.MEMORY, shape));
        });
  }

  String name(int state) {
    return state(state).name();
  }

  private Buffer made(Buffer buffer) {
    buffers.accept(buffer);
    return buffer;
  }

  /** A state whose equation is a bare slot is called by the slot. */
  private String name(Node next, int state) {
    return next.label()
        .or(() -> recur.body().slot(Slot.Role.PREVIOUS, state).flatMap(Node::label))
        .orElseGet(next::shownName);
  }

  /** Time runs from the front to the end, or from the end to the front: where the earlier value lies. */
  private Size earlier(Size slot, boolean earlier) {
    return earlier != recur.reverse() ? Size.of(0) : slot;
  }

  /** Where the value before the first step goes. */
  Buffer first(int state) {
    Size slot = next(state).shape().elements();
    Size start = recur.reverse() ? slot.times(Size.of(recur.length())) : Size.of(0);
    return Buffer.within(
        state(state).name() + "_first",
        next(state).shape(),
        new Buffer.Part(state(state), start, Size.of(0), 0));
  }

  /** Where a step finds a state. */
  Buffer before(int state) {
    return moving(state, true, "_before");
  }

  /** Where a step leaves a state. */
  Buffer now(int state) {
    return moving(state, false, "_now");
  }

  private Buffer moving(int state, boolean before, String suffix) {
    Size slot = next(state).shape().elements();
    return Buffer.within(
        state(state).name() + suffix,
        next(state).shape(),
        new Buffer.Part(state(state), earlier(slot, before), slot, loop));
  }

  /** Puts a value at all steps where it is wanted; those of states lie with their first values. */
  void pin(int value, Buffer wanted) {
    boolean slot = recur.body().node(value).op() instanceof Slot;
    if (!slot && !recur.next().contains(value) && values.putIfAbsent(value, wanted) == null) {
      buffers.accept(wanted);
    }
  }

  /** A value of the body at all steps. */
  Buffer all(int value) {
    Node node = recur.body().node(value);
    Shape shape = node.shape().under(Size.of(recur.length()));
    if (node.op() instanceof Slot slot && slot.role() == Slot.Role.PREVIOUS) {
      return stateAtAllSteps(slot.number(), true, shape);
    }
    int state = recur.next().indexOf(value);
    return state >= 0 ? stateAtAllSteps(state, false, shape) : value(value, shape);
  }

  private Buffer stateAtAllSteps(int state, boolean before, Shape shape) {
    Size start = earlier(next(state).shape().elements(), before);
    return Buffer.within(
        state(state).name() + (before ? "_before" : "_steps"),
        shape,
        new Buffer.Part(state(state), start, Size.of(0), 0));
  }

  private Buffer value(int value, Shape shape) {
    Node node = recur.body().node(value);
    return values.computeIfAbsent(
        value, missing -> made(new Buffer(node.shownName(), Buffer.Space.MEMORY, shape)));
  }

  /** Where a step leaves a value that is kept and is no state. */
  Optional<Buffer> kept(int value) {
    Node node = recur.body().node(value);
    if (!values.containsKey(value)) {
      return Optional.empty();
    }
    return Optional.of(
        Buffer.within(
            node.shownName() + "_now",
            node.shape(),
            new Buffer.Part(values.get(value), Size.of(0), node.shape().elements(), loop)));
  }
}
