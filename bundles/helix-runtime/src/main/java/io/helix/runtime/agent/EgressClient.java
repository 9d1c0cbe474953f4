package io.helix.runtime.agent;

import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/** An HTTP client that connects to checked addresses, and sends what it is given, once: no redirects, retries, cookies, proxies. */
final class EgressClient {
    /** For the 256 runs that work at the same time; a host that is slow gets a quarter of them. */
    private static final int MAX_CONNECTIONS = 256;

    private static final int MAX_CONNECTIONS_PER_HOST = 64;
    private static final Timeout CONNECT = Timeout.ofSeconds(10);
    private static final Timeout WAIT_FOR_CONNECTION = Timeout.ofSeconds(10);
    private static final TimeValue IDLE = TimeValue.ofSeconds(30);
    /** After it a name is resolved, and checked, again. */
    private static final TimeValue MAX_AGE = TimeValue.ofMinutes(5);

    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADER_CHARS = 32 * 1024;

    private EgressClient() {}

    static CloseableHttpClient create(EgressGuard guard, SSLContext tls) {
        return HttpClients.custom()
                .setConnectionManager(connections(guard, tls))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(WAIT_FOR_CONNECTION)
                        .setConnectionKeepAlive(IDLE)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("Helix")
                .evictIdleConnections(IDLE)
                .evictExpiredConnections()
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableConnectionState()
                .disableContentCompression()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(EgressGuard guard, SSLContext tls) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new GuardedResolver(guard))
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls, HostnameVerificationPolicy.BUILTIN, null))
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS_PER_HOST)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT)
                        .setTimeToLive(MAX_AGE)
                        // Always looks whether the server has closed it: a request is never sent twice.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(MAX_HEADERS)
                                .setMaxLineLength(MAX_HEADER_CHARS)
                                .build())
                        .build())
                .build();
    }
}
