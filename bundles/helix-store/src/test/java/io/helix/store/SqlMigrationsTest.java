package io.helix.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helix.api.HelixException;
import io.helix.store.SqlMigrations.Script;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class SqlMigrationsTest {
    private static final Script FIRST = new Script("V001__a.sql", "create table if not exists a (id integer);\n");
    private static final Script SECOND =
            new Script("V002__b.sql", "-- two; statements\ninsert into a values (1);\ninsert into a values (2);\n");

    private final DataSource source = TestDatabase.h2Source("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");

    @Test
    void eachScriptRunsOnce() throws SQLException {
        assertThat(SqlMigrations.run(source, List.of(FIRST))).isEqualTo(1);
        assertThat(SqlMigrations.run(source, List.of(FIRST, SECOND))).isEqualTo(2);
        SqlMigrations.run(source, List.of(FIRST, SECOND));
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void manyAtATimeMigrateOnce() throws Exception {
        SqlMigrations.run(source, List.of(FIRST));
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(pool.submit(() -> SqlMigrations.run(source, List.of(FIRST, SECOND))));
            }
            for (Future<Integer> one : all) {
                assertThat(one.get()).isEqualTo(2);
            }
        }
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aChangedScriptIsRefused() throws SQLException {
        SqlMigrations.run(source, List.of(FIRST));
        assertThatThrownBy(() ->
                        SqlMigrations.run(source, List.of(new Script("V001__a.sql", "create table b (id integer);"))))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("V001__a.sql");
    }

    @Test
    void aDatabaseOfANewerHelixIsRefused() throws SQLException {
        SqlMigrations.run(source, List.of(FIRST, SECOND));
        assertThatThrownBy(() -> SqlMigrations.run(source, List.of(FIRST)))
                .isInstanceOf(HelixException.class)
                .hasMessageContaining("newer Helix");
    }

    private int rows() throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Sql.find(connection, "select count(*) from a", row -> row.getInt(1))
                    .orElseThrow();
        }
    }
}
