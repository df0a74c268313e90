import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** mongo-java-server on H2: host, port and file are its arguments. */
public class Server {
  /**
   * The server announces an older wire version than current drivers talk to, and answers their messages all the same: so a
   * newer one is announced.
   */
  record Announced(List<Integer> getVersionArray, int getWireVersion) implements MongoVersion {}

  public static void main(String[] arguments) throws Exception {
    H2Backend backend = new H2Backend(arguments[2]);
    backend.version(new Announced(List.of(7, 0, 0), 21));
    MongoServer server = new MongoServer(backend);
    server.bind(arguments[0], Integer.parseInt(arguments[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    new CountDownLatch(1).await();
  }
}
