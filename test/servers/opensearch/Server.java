import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of OpenSearch: host, port, transport port, directory. Ends with SIGTERM. */
public class Server {
  public static void main(String[] arguments) throws Exception {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild((number, settings) -> {
      settings.put("network.host", arguments[0]);
      settings.put("http.port", arguments[1]);
      settings.put("transport.port", arguments[2]);
      settings.put("discovery.type", "single-node");
      settings.remove("cluster.initial_cluster_manager_nodes");
      settings.remove("cluster.initial_master_nodes");
      settings.remove("discovery.seed_hosts");
      settings.putList("node.roles", "cluster_manager", "data", "ingest");
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
      // Filebeat 7 speaks to servers that say 7.
      settings.put("compatibility.override_main_response_version", true);
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        runner.close();
      } catch (Exception error) {
        error.printStackTrace();
      }
    }));
    runner.build(OpenSearchRunner.newConfigs().basePath(arguments[3]).numOfNode(1).clusterName("logs").useLogger());
    new CountDownLatch(1).await();
  }
}
