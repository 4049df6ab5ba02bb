package nnc.runtime;

/** A row was looked up that its table does not have. What is fed is checked before; this is about ids that are computed. */
public final class UnknownRowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final double id;
  private final int place;
  private final int rows;

  UnknownRowException(double id, int place, int rows) {
    super(problem(id, rows));
    this.id = id;
    this.place = place;
    this.rows = rows;
  }

  private UnknownRowException(String message, UnknownRowException cause) {
    super(message, cause);
    setStackTrace(cause.getStackTrace());
    this.id = cause.id;
    this.place = cause.place;
    this.rows = cause.rows;
  }

  private static String problem(double id, int rows) {
    return "id "
        + (id == (long) id ? Long.toString((long) id) : Double.toString(id))
        + " is looked up, expected a whole number from 0 to "
        + (rows - 1);
  }

  /**
   * The same, with where it happened.
   *
   * @param line of the model: {@code m.nn:7}
   * @param equation that looked the row up
   * @param idsPerRow how many ids a row of the batch has, one after the other; 0 if that is not known
   * @param batch how many rows the batch has
   */
  public UnknownRowException in(String line, String equation, int idsPerRow, int batch) {
    String row = idsPerRow == 0 ? "" : "in row " + place / idsPerRow % batch + " of the batch ";
    return new UnknownRowException(line + ": " + equation + ": " + row + problem(id, rows), this);
  }

  /** What the author may do. */
  public String help() {
    return "ids that are computed can be kept in range: min(max(id, 0), " + (rows - 1) + ")";
  }
}
