package io.helix.store;

import io.helix.api.HelixException;
import io.helix.api.store.AgentStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class SqlAgentStates implements AgentStates {
    private static final String PLACE = " where profile = ? and agent = ? and state_key = ?";

    private static final String ALIVE = " (expires_ms = 0 or expires_ms > ?)";
    private static final long NEVER = 0;
    private static final int KEYS_AT_A_TIME = 500;

    private final Database database;

    SqlAgentStates(Database database) {
        this.database = database;
    }

    @Override
    public Optional<String> get(String profile, String agent, String key, Instant now) {
        requireStorable(key);
        return database.read(connection -> Sql.find(
                connection,
                "select state_value from agent_state" + PLACE + " and" + ALIVE,
                row -> row.getString(1),
                profile,
                agent,
                key,
                now.toEpochMilli()));
    }

    @Override
    public void put(String profile, String agent, String key, String value, @Nullable Instant expires) {
        change(profile, agent, List.of(new Change(key, value, expires)));
    }

    @Override
    public boolean putIfAbsent(String profile, String agent, String key, String value, Instant now) {
        requireStorable(key);
        requireStorable(value);
        return database.transact(connection -> {
            Sql.update(
                    connection,
                    "delete from agent_state" + PLACE + " and not" + ALIVE,
                    profile,
                    agent,
                    key,
                    now.toEpochMilli());
            return insert(connection, profile, agent, key, value, NEVER);
        });
    }

    @Override
    public void remove(String profile, String agent, String key) {
        change(profile, agent, List.of(new Change(key, null, null)));
    }

    @Override
    public void change(String profile, String agent, List<Change> changes) {
        changes.forEach(SqlAgentStates::requireStorable);
        database.transact(connection -> {
            make(connection, profile, agent, changes);
            return true;
        });
    }

    @Override
    public Usage changeWithin(String profile, String agent, List<Change> changes, Instant now, Usage most) {
        changes.forEach(SqlAgentStates::requireStorable);
        return database.transact(connection -> {
            Savepoint before = connection.setSavepoint();
            removeExpired(connection, profile, agent, now);
            make(connection, profile, agent, changes);
            Usage after = usage(connection, profile, agent, now);
            if (!after.isWithin(most)) {
                connection.rollback(before);
            }
            return after;
        });
    }

    @Override
    public Usage usageAfter(String profile, String agent, List<Change> changes, Instant now) {
        changes.forEach(SqlAgentStates::requireStorable);
        Map<String, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.key(), change));
        return database.read(connection -> {
            Usage before = usage(connection, profile, agent, now);
            long keys = before.keys();
            long characters = before.characters();
            for (long length : lengths(connection, profile, agent, List.copyOf(last.keySet()), now)) {
                keys--;
                characters -= length;
            }
            for (Change change : last.values()) {
                if (change.value() != null) {
                    keys++;
                    characters += change.value().length();
                }
            }
            return new Usage(keys, characters);
        });
    }

    /** Of the values that are there, some keys at a time. */
    private static List<Long> lengths(
            Connection connection, String profile, String agent, List<String> keys, Instant now) throws SQLException {
        List<Long> lengths = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += KEYS_AT_A_TIME) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_A_TIME));
            List<Object> arguments = new ArrayList<>(List.of(profile, agent, now.toEpochMilli()));
            arguments.addAll(some);
            lengths.addAll(Sql.list(
                    connection,
                    "select length(state_value) from agent_state where profile = ? and agent = ? and" + ALIVE
                            + " and state_key in (?" + ", ?".repeat(some.size() - 1) + ")",
                    row -> row.getLong(1),
                    arguments.toArray()));
        }
        return lengths;
    }

    private static void make(Connection connection, String profile, String agent, List<Change> changes)
            throws SQLException {
        for (Change change : changes) {
            String value = change.value();
            if (value == null) {
                Sql.update(connection, "delete from agent_state" + PLACE, profile, agent, change.key());
            } else {
                long end = change.expires() == null ? NEVER : change.expires().toEpochMilli();
                keep(connection, profile, agent, change.key(), value, end);
            }
        }
    }

    private static void keep(Connection connection, String profile, String agent, String key, String value, long end)
            throws SQLException {
        if (!update(connection, profile, agent, key, value, end)
                && !insert(connection, profile, agent, key, value, end)) {
            update(connection, profile, agent, key, value, end);
        }
    }

    /** Sorted here: databases have orders of their own. */
    @Override
    public List<String> keys(String profile, String agent, String prefix, int limit, Instant now) {
        requireStorable(prefix);
        return database
                .read(connection -> Sql.list(
                        connection,
                        "select state_key from agent_state where profile = ? and agent = ? and" + ALIVE
                                + " and state_key like ? escape '!'",
                        row -> row.getString(1),
                        profile,
                        agent,
                        now.toEpochMilli(),
                        prefix.replaceAll("[!%_]", "!$0") + "%"))
                .stream()
                .sorted()
                .limit(limit)
                .toList();
    }

    @Override
    public Usage clean(String profile, String agent, Instant now) {
        return database.transact(connection -> {
            removeExpired(connection, profile, agent, now);
            return usage(connection, profile, agent, now);
        });
    }

    private static void removeExpired(Connection connection, String profile, String agent, Instant now)
            throws SQLException {
        Sql.update(
                connection,
                "delete from agent_state where profile = ? and agent = ? and not" + ALIVE,
                profile,
                agent,
                now.toEpochMilli());
    }

    private static Usage usage(Connection connection, String profile, String agent, Instant now) throws SQLException {
        return Sql.find(
                        connection,
                        "select count(*), coalesce(sum(length(state_value)), 0) from agent_state"
                                + " where profile = ? and agent = ? and" + ALIVE,
                        row -> new Usage(row.getLong(1), row.getLong(2)),
                        profile,
                        agent,
                        now.toEpochMilli())
                .orElseGet(() -> new Usage(0, 0));
    }

    private static boolean update(
            Connection connection, String profile, String agent, String key, String value, long end)
            throws SQLException {
        return Sql.update(
                        connection,
                        "update agent_state set state_value = ?, expires_ms = ?" + PLACE,
                        value,
                        end,
                        profile,
                        agent,
                        key)
                == 1;
    }

    private static boolean insert(
            Connection connection, String profile, String agent, String key, String value, long end)
            throws SQLException {
        return Sql.update(
                        connection,
                        "insert into agent_state (profile, agent, state_key, state_value, expires_ms)"
                                + " values (?, ?, ?, ?, ?) on conflict do nothing",
                        profile,
                        agent,
                        key,
                        value,
                        end)
                == 1;
    }

    private static void requireStorable(Change change) {
        requireStorable(change.key());
        if (change.value() != null) {
            requireStorable(change.value());
        }
    }

    /** PostgreSQL cannot hold U+0000, and changing what an agent keeps would be worse than refusing it. */
    private static void requireStorable(String text) {
        if (text.indexOf('\0') >= 0) {
            throw HelixException.invalid("agent state must not contain the character U+0000: encode it");
        }
    }
}
