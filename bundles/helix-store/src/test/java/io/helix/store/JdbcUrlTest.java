package io.helix.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import org.junit.jupiter.api.Test;

class JdbcUrlTest {
    @Test
    void h2GetsTheOptionsThatTheOperatorDidNotSet() {
        JdbcUrl url = JdbcUrl.of("jdbc:h2:file:/x/helix;WRITE_DELAY=500");
        assertThat(url.driver()).isEqualTo("org.h2.Driver");
        assertThat(url.text())
                .startsWith("jdbc:h2:file:/x/helix;WRITE_DELAY=500;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;")
                .doesNotContain("WRITE_DELAY=0");
    }

    @Test
    void postgresqlGetsTimeouts() {
        assertThat(JdbcUrl.of("jdbc:postgresql://db/helix?ssl=true").text())
                .startsWith("jdbc:postgresql://db/helix?ssl=true&connectTimeout=5&");
        assertThat(JdbcUrl.of("jdbc:postgresql://db/helix").text())
                .startsWith("jdbc:postgresql://db/helix?connectTimeout=5&socketTimeout=60");
    }

    @Test
    void otherDatabasesAreRefused() {
        assertThatThrownBy(() -> JdbcUrl.of("jdbc:mysql://db/helix"))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("jdbc:postgresql:");
    }
}
