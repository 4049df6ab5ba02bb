package nnc.data;

import java.nio.file.Path;
import java.util.List;

/** All rows of a file, for comparisons. */
record Table(int rows, int columns, float[] values) {
  static Table read(Path file, List<ColumnRef> columns) {
    FloatStore store = new FloatStore();
    int rows = 0;
    try (CsvRows csv = Csv.open(file, columns)) {
      for (; csv.hasNext(); rows++) {
        store.add(csv.next(), 0, columns.size());
      }
      csv.requireRows(rows);
    }
    float[] values = new float[(int) store.finish().size()];
    store.copy(0, values, 0, values.length);
    return new Table(rows, columns.size(), values);
  }

  float at(int row, int column) {
    return values[row * columns + column];
  }
}
