package io.helix.store;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

final class SqlAgentStates implements AgentStates {
    private static final String PLACE = " where profile = ? and agent = ? and state_key = ?";

    private final Database database;

    SqlAgentStates(Database database) {
        this.database = database;
    }

    @Override
    public Optional<String> get(String profile, String agent, String key) {
        requireStorable(key);
        return database.read(connection -> Sql.find(
                connection,
                "select state_value from agent_state" + PLACE,
                row -> row.getString(1),
                profile,
                agent,
                key));
    }

    @Override
    public void put(String profile, String agent, String key, String value) {
        requireStorable(key);
        requireStorable(value);
        database.transact(connection -> {
            if (!update(connection, profile, agent, key, value) && !insert(connection, profile, agent, key, value)) {
                update(connection, profile, agent, key, value);
            }
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String profile, String agent, String key, String value) {
        requireStorable(key);
        requireStorable(value);
        return database.transact(connection -> insert(connection, profile, agent, key, value));
    }

    @Override
    public void remove(String profile, String agent, String key) {
        requireStorable(key);
        database.transact(connection -> Sql.update(connection, "delete from agent_state" + PLACE, profile, agent, key));
    }

    private static boolean update(Connection connection, String profile, String agent, String key, String value)
            throws SQLException {
        return Sql.update(connection, "update agent_state set state_value = ?" + PLACE, value, profile, agent, key)
                == 1;
    }

    private static boolean insert(Connection connection, String profile, String agent, String key, String value)
            throws SQLException {
        return Sql.update(
                        connection,
                        "insert into agent_state (profile, agent, state_key, state_value) values (?, ?, ?, ?)"
                                + " on conflict do nothing",
                        profile,
                        agent,
                        key,
                        value)
                == 1;
    }

    /** PostgreSQL cannot hold U+0000, and changing what an agent keeps would be worse than refusing it. */
    private static void requireStorable(String text) {
        if (text.indexOf('\0') >= 0) {
            throw HelixException.invalid("agent state must not contain the character U+0000: encode it");
        }
    }
}
