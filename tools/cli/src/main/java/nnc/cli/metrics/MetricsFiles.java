package nnc.cli.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.cli.output.WholeFiles;

/**
 * What is kept of the epochs: in the directory of a training a log, a table, curves and events for TensorBoard, and a log
 * wherever else one is wanted. No file is touched before there is a first epoch to write; of a training that goes on, all go on
 * behind the epochs that its checkpoint has.
 */
public final class MetricsFiles implements AutoCloseable {
  private static final String LOG = "metrics.jsonl";
  private static final String TABLE = "metrics.csv";
  private static final String CURVES = "curves.png";

  private final List<MetricsFile> files = new ArrayList<>();

  /**
   * @param completed how many epochs have been completed
   * @param steps how many steps have been made, also in an epoch that has begun
   * @throws nnc.compiler.source.CompileException if it is known already that a file cannot be written
   */
  public MetricsFiles(Optional<Path> directory, Optional<Path> log, int completed, long steps) {
    log.ifPresent(file -> files.add(new MetricsLog(file, completed)));
    if (directory.isPresent()) {
      Path lines = directory.get().resolve(LOG);
      List<EpochReport> history = MetricsLog.history(lines, completed);
      files.add(new MetricsLog(lines, completed));
      files.add(new MetricsTable(directory.get().resolve(TABLE), history));
      files.add(new EventFile(directory.get().resolve(EventFile.NAME), completed == 0 ? 0 : steps));
      files.add(new Curves(directory.get().resolve(CURVES), history));
    }
  }

  /** Removes what is kept in the directory of a training. */
  public static void remove(Path directory) {
    for (String name : List.of(LOG, TABLE, EventFile.NAME, CURVES)) {
      WholeFiles.remove(directory.resolve(name));
    }
  }

  public void add(EpochReport report) {
    files.forEach(file -> file.add(report));
  }

  @Override
  public void close() {
    files.forEach(MetricsFile::close);
  }
}
