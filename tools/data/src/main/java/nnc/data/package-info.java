/**
 * Data from files and pipes, as numbers in memory.
 *
 * <p>Enters: CSV ({@link nnc.data.Csv}) and IDX files ({@link nnc.data.Idx}), gzipped or not, and
 * rows from a pipe ({@link nnc.data.CsvRows}). Leaves: a {@link nnc.data.Table} of rows, or an
 * array with its shape; and the choice of rows: which are held out ({@link nnc.data.Split}), in
 * which order an epoch visits the others ({@link nnc.data.Order}).
 *
 * <p>Whatever is wrong with a file is a {@link nnc.data.DataException} that says where, what was
 * expected, what was found and what to do.
 */
package nnc.data;
