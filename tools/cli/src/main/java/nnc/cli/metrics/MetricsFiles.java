package nnc.cli.metrics;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nnc.cli.output.WholeFiles;

/**
 * What is kept of the epochs: in the directory of a training a log, tables, curves and events for TensorBoard, and a log
 * wherever else one is wanted. No file is touched before there is something to write; of a training that goes on, all go on
 * behind what its checkpoint has.
 */
public final class MetricsFiles implements AutoCloseable {
  private static final String LOG = "metrics.jsonl";
  private static final String TABLE = "metrics.csv";
  private static final String STEPS = "steps.csv";
  private static final String PROBES = "probes.csv";
  private static final String CURVES = "curves.png";

  private final List<MetricsFile> files = new ArrayList<>();

  /**
   * @param completed how many epochs have been completed
   * @param trained how many epochs the intervals have behind them that have ended, the part of one too
   * @param steps how many steps have been made, also in an epoch that has begun
   * @throws nnc.compiler.source.CompileException if it is known already that a file cannot be written
   */
  public MetricsFiles(
      Optional<Path> directory, Optional<Path> log, int completed, double trained, long steps) {
    log.ifPresent(file -> files.add(new MetricsLog(file, completed)));
    if (directory.isPresent()) {
      Path lines = directory.get().resolve(LOG);
      List<EpochReport> history = MetricsLog.history(lines, completed);
      files.add(new MetricsLog(lines, completed));
      files.add(new EpochTable(directory.get().resolve(TABLE), history));
      Path table = directory.get().resolve(STEPS);
      List<IntervalReport> intervals = IntervalTable.history(table, trained);
      files.add(new IntervalTable(table, intervals));
      files.add(new ProbeTable(directory.get().resolve(PROBES), trained));
      files.add(new EventFile(directory.get().resolve(EventFile.NAME), trained == 0 ? 0 : steps));
      files.add(new Curves(directory.get().resolve(CURVES), history, intervals));
    }
  }

  /** Removes what is kept in the directory of a training. */
  public static void remove(Path directory) {
    for (String name : List.of(LOG, TABLE, STEPS, PROBES, EventFile.NAME, CURVES)) {
      WholeFiles.remove(directory.resolve(name));
    }
  }

  public void add(EpochReport report) {
    files.forEach(file -> file.add(report));
  }

  public void add(IntervalReport report) {
    files.forEach(file -> file.add(report));
  }

  public void add(ProbeReport report) {
    files.forEach(file -> file.add(report));
  }

  @Override
  public void close() {
    files.forEach(MetricsFile::close);
  }
}
