package io.helix.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.model.policy.Policy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NativePolicySetsTest {
    @Test
    void manySlicesShareFewPlacesAndEachSeesItsOwnPolicies() throws Exception {
        NativePolicySets sets = new NativePolicySets(3);
        List<Slice> slices =
                IntStream.range(0, 10).mapToObj(NativePolicySetsTest::slice).toList();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> checks = IntStream.range(0, 2_000)
                    .mapToObj(i -> threads.submit(() -> seesItsOwn(sets, slices.get(i % 10), "p" + i % 10)))
                    .toList();
            for (Future<Boolean> check : checks) {
                assertThat(check.get()).isTrue();
            }
        }
    }

    private static boolean seesItsOwn(NativePolicySets sets, Slice slice, String id) throws Exception {
        Set<String> seen =
                sets.use(slice, policies -> policies.getStaticPolicies().keySet());
        return seen.equals(Set.of(id));
    }

    private static Slice slice(int i) {
        Policy policy = new Policy("permit (principal, action, resource);", "p" + i);
        return new Slice(List.of(new ScopedPolicy(policy, new EntityScope.Any(), Set.of(), new EntityScope.Any())));
    }
}
