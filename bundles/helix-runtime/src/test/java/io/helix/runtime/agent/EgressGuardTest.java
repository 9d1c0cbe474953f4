package io.helix.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.agent.AgentException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressGuardTest {
    private final EgressGuard closed = new EgressGuard(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/",
                "http://127.1.2.3:8080/",
                "http://localhost/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://169.254.169.254/latest/meta-data/",
                "http://10.0.0.8/",
                "http://172.16.0.1/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://0.0.0.0/",
                "http://224.0.0.1/",
                "http://[fe80::1]/",
                "http://[fd00::1]/",
                "http://[64:ff9b::7f00:1]/",
                "http://2130706433/",
                "http://0x7f.1/"
            })
    void refusesWhatIsNotPublic(String url) {
        assertThatThrownBy(() -> check(closed, url)).isInstanceOf(AgentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://8.8.8.8/", "file:///etc/passwd", "http://user:pass@8.8.8.8/", "http:///x"})
    void refusesWhatIsNotAPlainHttpAddress(String url) {
        assertThatThrownBy(() -> check(closed, url)).isInstanceOf(AgentException.class);
    }

    @Test
    void letsPublicAddressesPass() {
        assertThatCode(() -> check(closed, "https://8.8.8.8/")).doesNotThrowAnyException();
        assertThatCode(() -> check(closed, "https://[2606:4700::1111]/")).doesNotThrowAnyException();
    }

    @Test
    void letsPassWhatTheOperatorAllows() {
        EgressGuard open = new EgressGuard(List.of("10.1.0.0/16", "127.0.0.1:9000"));

        assertThatCode(() -> check(open, "http://10.1.2.3/")).doesNotThrowAnyException();
        assertThatCode(() -> check(open, "http://127.0.0.1:9000/")).doesNotThrowAnyException();
        assertThatThrownBy(() -> check(open, "http://127.0.0.1:9001/")).isInstanceOf(AgentException.class);
        assertThatThrownBy(() -> check(open, "http://10.2.0.1/")).isInstanceOf(AgentException.class);
    }

    @Test
    void refusesAnIpv4AddressThatANameServerGivesAsIpv6() throws Exception {
        byte[] mapped = InetAddress.getByName("::1").getAddress();
        System.arraycopy(new byte[] {-1, -1, 127, 0, 0, 1}, 0, mapped, 10, 6);
        InetAddress answer = Inet6Address.getByAddress("mapped.test", mapped, 0);
        EgressGuard guard = new EgressGuard(List.of(), host -> new InetAddress[] {answer});

        assertThatThrownBy(() -> guard.addresses("mapped.test", 80)).hasMessageContaining("(127.0.0.1)");
    }

    @Test
    void refusesANameWithOneAddressThatIsNotPublic() {
        EgressGuard guard = new EgressGuard(List.of(), host ->
                new InetAddress[] {InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1")});

        assertThatThrownBy(() -> guard.addresses("both.test", 80)).hasMessageContaining("(10.0.0.1)");
    }

    @Test
    void handsOutTheAddressesThatItChecked() throws Exception {
        List<InetAddress> answers = List.of(InetAddress.getByName("8.8.8.8"), InetAddress.getByName("2606:4700::1111"));
        EgressGuard guard = new EgressGuard(List.of(), host -> answers.toArray(InetAddress[]::new));

        assertThat(guard.addresses("public.test", 80)).isEqualTo(answers);
    }

    @Test
    void aNameWithoutAddressesDoesNotResolve() {
        EgressGuard guard = new EgressGuard(List.of("empty.test"), host -> new InetAddress[0]);

        assertThatThrownBy(() -> guard.addresses("empty.test", 80))
                .isInstanceOfSatisfying(
                        AgentException.class, e -> assertThat(e.isRetryable()).isTrue())
                .hasMessage("host 'empty.test' cannot be resolved");
    }

    private static void check(EgressGuard guard, String url) throws AgentException {
        URI uri = URI.create(url);
        guard.checkForm(uri);
        guard.addresses(uri.getHost(), uri.getPort());
    }
}
