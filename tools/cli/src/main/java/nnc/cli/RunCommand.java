package nnc.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import nnc.cli.cases.CaseRun;
import nnc.cli.cases.DimSizes;
import nnc.cli.cases.TensorCase;
import nnc.cli.output.WholeFiles;
import nnc.compiler.Compilation;
import nnc.compiler.Compiler;
import nnc.compiler.model.Program;
import nnc.runtime.Safetensors;
import nnc.runtime.SafetensorsWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nnc run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a model on the tensors of a file.",
      "",
      "Reads input.NAME and param.PATH; writes output.NAME, loss, grad.PATH, and the parameters after each step on this one batch,"
          + " step1.PATH to stepK.PATH. Dims take their sizes from the file's shapes."
    },
    footer = {
      "",
      "Examples:",
      "  nnc run models/digits.nn --from in.safetensors --to out.safetensors --steps 3",
      "  nnc run models/rnn.nn --from in.safetensors --to out.safetensors --interpret"
    })
final class RunCommand implements Callable<Integer> {
  @Mixin private ModelFile model = new ModelFile();

  @Mixin private SwitchedOff switchedOff = new SwitchedOff();

  @Mixin private ThreadCount threads = new ThreadCount();

  @Spec private CommandSpec spec;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "CASE.safetensors",
      description = "Inputs and parameters.")
  private Path from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "OUT.safetensors",
      description = "Where the results go: F32, or F64 with --interpret.")
  private Path to;

  @Option(
      names = "--steps",
      paramLabel = "K",
      defaultValue = "0",
      description = "How many optimizer steps are made on the batch. Default: none.")
  private int steps;

  @Option(
      names = "--interpret",
      description =
          "Computes in double precision, by the interpreter, from the graphs before any pass.")
  private boolean interpret;

  @Override
  public Integer call() {
    if (steps < 0) {
      throw new ParameterException(spec.commandLine(), "--steps is at least 0");
    }
    if (to.toAbsolutePath().normalize().equals(from.toAbsolutePath().normalize())) {
      throw new ParameterException(
          spec.commandLine(), "--to is the file of --from: the case would be lost");
    }
    WholeFiles.requireWritable(WholeFiles.directoryOf(to));
    Program program = model.program();
    Safetensors tensors = Safetensors.read(from);
    Map<String, Integer> settings = DimSizes.of(program, model.settings(), tensors);
    Compilation compilation =
        Compiler.compile(
            program, Compiler.Options.DEFAULT.with(settings).with(switchedOff.optimizations()));
    CaseRun run = new CaseRun(compilation, new TensorCase(compilation.model(), tensors), steps);
    SafetensorsWriter results = interpret ? run.interpreted() : run.generated(threads.count(spec));
    WholeFiles.makeDirectories(WholeFiles.directoryOf(to));
    results.write(to);
    return ExitCode.DONE;
  }
}
