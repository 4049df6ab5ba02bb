package nnc.compiler.pass;

import java.util.Optional;
import nnc.compiler.ir.Node;

/** A pattern and its result: an equal node that is less work, or nothing. */
interface Rule {
  Optional<Node> rewrite(Node node);
}
