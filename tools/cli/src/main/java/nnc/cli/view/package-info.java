/**
 * A model and all that the compiler makes of it, on one page. Enters: a compilation; leaves: HTML that needs nothing else.
 *
 * <p>Java says what belongs together, in {@link nnc.cli.view.PageData}; how that is shown is up to {@code view.js} and {@code
 * view.css} among the resources.
 */
@NullMarked
package nnc.cli.view;

import org.jspecify.annotations.NullMarked;
