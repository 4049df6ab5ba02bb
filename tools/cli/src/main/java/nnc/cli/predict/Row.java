package nnc.cli.predict;

import java.util.List;

/**
 * What the inputs that outputs depend on are fed for one row, prepared and checked.
 *
 * @param inputs the values of each, in the order of the model's inputs
 * @param symbols how many symbols the row has that are not padding; 0 where it has none
 * @param line where it starts, counted from 1
 */
record Row(List<float[]> inputs, int symbols, long line) {}
