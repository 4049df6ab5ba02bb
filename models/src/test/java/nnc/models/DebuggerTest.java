package nnc.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.StepRequest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar of a model in a plain Java program: its stack traces name lines of the model, and a debugger steps through them. */
class DebuggerTest {
  private static final String MODEL =
      """
      model Words {
        dim B = 2
        input x: i32[B]
        param E: [4, 3]
        row  = E[x - 1]
        wide = exp(row)
        output all = wide / sum(wide, keepdims = true over 1)
      }
      """;

  private static final String PROGRAM =
      """
      final class Ask {
        public static void main(String[] arguments) {
          try (var s = new nn.Words().session()) {
            s.x(Integer.parseInt(arguments[0]), 2);
            s.run();
            System.out.println(s.all().length);
          } catch (IllegalArgumentException e) {
            e.printStackTrace(System.out);
          }
        }
      }
      """;

  @TempDir private static Path directory;
  private static String classPath;

  @BeforeAll
  static void compile() throws IOException {
    Path model = Files.writeString(directory.resolve("words.nn"), MODEL);
    String jar = directory.resolve("words.jar").toString();
    Nnc.done("compile", model.toString(), "--jar", jar);
    classPath = jar + File.pathSeparator + OtherJvm.runtime();
    Path program =
        JavaProgram.compile(
            directory.resolve("program"), new JavaProgram("Ask", PROGRAM), classPath);
    classPath = program + File.pathSeparator + classPath;
  }

  @Test
  void aStackTraceNamesTheLineOfTheModel() throws IOException, InterruptedException {
    List<String> trace = OtherJvm.run(classPath, OtherJvm.VECTORS, "Ask", "0");
    assertThat(trace.getFirst()).contains("words.nn:5: row = E[x - 1]: ").contains("id -1");
    int line = trace.indexOf("\tat Words.row(words.nn:5)");
    assertThat(line).as(String.join("\n", trace)).isPositive();
    assertThat(trace.get(line + 1)).startsWith("\tat nn.WordsForward.row(WordsForward.java:");
  }

  @Test
  void aDebuggerStopsAtALineOfTheModelAndStepsToTheNext() throws Exception {
    VirtualMachine machine = launch("2");
    List<String> places = new ArrayList<>();
    boolean lives = true;
    ClassPrepareRequest loaded = machine.eventRequestManager().createClassPrepareRequest();
    loaded.addClassFilter("nn.WordsForward*");
    loaded.enable();
    while (lives) {
      EventSet events = machine.eventQueue().remove();
      for (Event event : events) {
        switch (event) {
          case ClassPrepareEvent prepared -> stopAt(prepared.referenceType(), 6);
          case BreakpointEvent reached -> {
            places.add(place(reached.location()));
            machine.eventRequestManager().deleteAllBreakpoints();
            StepRequest step =
                machine
                    .eventRequestManager()
                    .createStepRequest(
                        reached.thread(), StepRequest.STEP_LINE, StepRequest.STEP_OVER);
            step.addCountFilter(1);
            step.enable();
          }
          case StepEvent stepped -> {
            places.add(place(stepped.location()));
            stepped.request().disable();
          }
          case VMDisconnectEvent _ -> lives = false;
          default -> {}
        }
      }
      if (lives) {
        events.resume();
      }
    }
    assertThat(places).isNotEmpty();
    assertThat(places.getFirst()).isEqualTo("words.nn:6");
    assertThat(places).contains("words.nn:7");
    assertThat(
            new String(machine.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("6\n");
  }

  private static VirtualMachine launch(String argument) throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("main").setValue("Ask " + argument);
    arguments.get("options").setValue(OtherJvm.VECTORS + " -cp \"" + classPath + "\"");
    return connector.launch(arguments);
  }

  private static void stopAt(ReferenceType type, int line) throws AbsentInformationException {
    assertThat(type.defaultStratum()).isEqualTo("NN");
    for (Location location : type.locationsOfLine(line)) {
      EventRequest stop =
          type.virtualMachine().eventRequestManager().createBreakpointRequest(location);
      stop.enable();
    }
  }

  private static String place(Location location) throws AbsentInformationException {
    return location.sourceName() + ":" + location.lineNumber();
  }
}
