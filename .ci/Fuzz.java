import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs one fuzz target: java Fuzz.java CLASS METHOD. Exits with 1 unless it ran and found nothing. */
public class Fuzz {
  public static void main(String[] arguments) throws Exception {
    Class<?> test = Class.forName(arguments[0]);
    Method target =
        Arrays.stream(test.getDeclaredMethods())
            .filter(method -> method.getName().equals(arguments[1]))
            .findFirst()
            .orElseThrow();
    var listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectMethod(test, target)).build(),
            listener);
    var summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.err, true));
    System.exit(
        summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 0 ? 0 : 1);
  }
}
