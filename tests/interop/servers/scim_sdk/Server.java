// Copyright: (c) 2026, identity.scim contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// java -cp 'lib/*' Server.java PORT TOKEN: the endpoints of SCIM-SDK for Java over two maps in memory. The library reads requests.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.SortOrder;
import de.captaingoldfish.scim.sdk.common.exceptions.ConflictException;
import de.captaingoldfish.scim.sdk.common.exceptions.ResourceNotFoundException;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.ResourceNode;
import de.captaingoldfish.scim.sdk.common.resources.ServiceProvider;
import de.captaingoldfish.scim.sdk.common.resources.User;
import de.captaingoldfish.scim.sdk.common.resources.complex.BulkConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.FilterConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.Meta;
import de.captaingoldfish.scim.sdk.common.resources.complex.PatchConfig;
import de.captaingoldfish.scim.sdk.common.resources.complex.SortConfig;
import de.captaingoldfish.scim.sdk.common.resources.multicomplex.AuthenticationScheme;
import de.captaingoldfish.scim.sdk.common.response.ScimResponse;
import de.captaingoldfish.scim.sdk.common.schemas.SchemaAttribute;
import de.captaingoldfish.scim.sdk.common.utils.JsonHelper;
import de.captaingoldfish.scim.sdk.server.endpoints.Context;
import de.captaingoldfish.scim.sdk.server.endpoints.EndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceEndpoint;
import de.captaingoldfish.scim.sdk.server.endpoints.ResourceHandler;
import de.captaingoldfish.scim.sdk.server.endpoints.authorize.Authorization;
import de.captaingoldfish.scim.sdk.server.endpoints.base.GroupEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.endpoints.base.UserEndpointDefinition;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import de.captaingoldfish.scim.sdk.server.response.PartialListResponse;
import de.captaingoldfish.scim.sdk.server.schemas.custom.ResourceTypeFeatures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;

public class Server {
  static final String BASE = "/scim/v2";

  /** Resources of one type by id; no two have the same name, in any case. The library learns the type from a subclass. */
  abstract static class Memory<T extends ResourceNode> extends ResourceHandler<T> {
    private final Map<String, T> kept = new LinkedHashMap<>();
    private final String name;

    Memory(String name) {
      this.name = name;
    }

    @Override
    public synchronized T createResource(T resource, Context context) {
      return keep(resource, UUID.randomUUID().toString(), Instant.now());
    }

    @Override
    public synchronized T updateResource(T resource, Context context) {
      String id = resource.getId().orElseThrow();
      return keep(resource, id, find(id).getMeta().orElseThrow().getCreated().orElseThrow());
    }

    @Override
    public synchronized T getResource(String id, List<SchemaAttribute> only, List<SchemaAttribute> without, Context context) {
      return copy(find(id));
    }

    @Override
    public synchronized PartialListResponse<T> listResources(
        long startIndex, int count, FilterNode filter, SchemaAttribute sortBy, SortOrder sortOrder,
        List<SchemaAttribute> only, List<SchemaAttribute> without, Context context) {
      List<T> all = kept.values().stream().map(this::copy).toList();
      return PartialListResponse.<T>builder().resources(all).totalResults(all.size()).build();
    }

    @Override
    public synchronized void deleteResource(String id, Context context) {
      kept.remove(find(id).getId().orElseThrow());
    }

    private T keep(T resource, String id, Instant created) {
      T after = copy(resource);
      after.setId(id);
      for (T one : kept.values()) {
        if (!one.getId().orElseThrow().equals(id) && called(one).equals(called(after))) {
          throw new ConflictException(name + " \"" + called(after) + "\" is taken", "uniqueness");
        }
      }
      Meta meta = after.getMeta().orElseThrow();
      meta.setCreated(created);
      meta.setLastModified(Instant.now());
      kept.put(id, after);
      return copy(after);
    }

    private T find(String id) {
      T found = kept.get(id);
      if (found == null) throw new ResourceNotFoundException(id + " does not exist");
      return found;
    }

    private String called(T resource) {
      return resource.path(name).asText().toLowerCase();
    }

    private T copy(T resource) {
      return JsonHelper.copyResourceToObject(resource.deepCopy(), getType());
    }
  }

  record Token(String authorization) implements Authorization {
    @Override
    public Set<String> getClientRoles() {
      return Set.of();
    }

    @Override
    public boolean authenticate(Map<String, String> headers, Map<String, String> query) {
      return authorization.equals(headers.get("Authorization"));
    }
  }

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    Authorization token = new Token("Bearer " + arguments[1]);
    String origin = "http://127.0.0.1:" + port;
    AuthenticationScheme bearer = AuthenticationScheme.builder().name("Bearer").description("A token").type("oauthbearertoken").build();
    ServiceProvider provider = ServiceProvider.builder()
        .authenticationSchemes(List.of(bearer))
        .filterConfig(FilterConfig.builder().supported(true).maxResults(1000).build())
        .sortConfig(SortConfig.builder().supported(true).build())
        .patchConfig(PatchConfig.builder().supported(true).build())
        .bulkConfig(BulkConfig.builder().supported(true).maxOperations(100).maxPayloadSize(1L << 20).build())
        .build();
    ResourceEndpoint endpoint = new ResourceEndpoint(provider);
    EndpointDefinition users = new UserEndpointDefinition(new Memory<User>("userName") {});
    EndpointDefinition groups = new GroupEndpointDefinition(new Memory<Group>("displayName") {});
    for (EndpointDefinition definition : List.of(users, groups)) {
      endpoint.registerEndpoint(definition).setFeatures(ResourceTypeFeatures.builder().autoFiltering(true).autoSorting(true).build());
    }
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext(BASE, exchange -> answer(exchange, endpoint, origin, token));
    server.start();
  }

  private static void answer(HttpExchange exchange, ResourceEndpoint endpoint, String origin, Authorization token) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> headers = new HashMap<>();
    exchange.getRequestHeaders().forEach((header, values) -> headers.put(header, String.join(", ", values)));
    ScimResponse response = endpoint.handleRequest(
        origin + exchange.getRequestURI(), HttpMethod.valueOf(exchange.getRequestMethod()), body, headers, new Context(token));
    response.getHttpHeaders().forEach((header, value) -> exchange.getResponseHeaders().set(header, value));
    byte[] sent = response.isEmpty() ? new byte[0] : response.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(response.getHttpStatus(), sent.length == 0 ? -1 : sent.length);
    exchange.getResponseBody().write(sent);
    exchange.close();
  }
}
