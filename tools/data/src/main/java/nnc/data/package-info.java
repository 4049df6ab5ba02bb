/**
 * Data from files and pipes, as numbers.
 *
 * <p>Enters: CSV ({@link nnc.data.Csv}), IDX files ({@link nnc.data.Idx}) and texts ({@link
 * nnc.data.TextLines}), gzipped or not, and rows from a pipe ({@link nnc.data.CsvRows}). Leaves:
 * rows or lines as they are asked for, an array with its shape, counts of words that stand near
 * each other ({@link nnc.data.Cooccurrences}), a store that may be larger than memory ({@link
 * nnc.data.FloatStore}); and the choice of rows: which are held out ({@link nnc.data.Split}), in
 * which order an epoch visits the others ({@link nnc.data.Order}).
 *
 * <p>Whatever is wrong with a file is a {@link nnc.data.DataException} that says where, what was
 * expected, what was found and what to do.
 */
package nnc.data;
