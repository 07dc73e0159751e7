package dev.flowengine.benchmarks.dbos;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.flowengine.benchmarks.durable.Contender;
import dev.flowengine.benchmarks.durable.StepTimes;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** DBOS Transact: a workflow method whose steps are recorded one by one, run by the thread that calls it. */
public final class DbosContender implements Contender {
    private @Nullable DBOS dbos;
    private @Nullable TenSteps workflow;
    private @Nullable StepTimes times;

    /** For the service loader. */
    public DbosContender() {}

    @Override
    public String name() {
        return "dbos " + DBOS.version();
    }

    @Override
    public void open(DataSource dataSource, StepTimes to) {
        times = to;
        dbos = new DBOS(DBOSConfig.defaults("benchmark").withDataSource(dataSource));
        workflow = dbos.registerProxy(TenSteps.class, new TenStepsWorkflow(dbos, to));
        dbos.launch();
    }

    @Override
    public void run(long flow) {
        if (workflow == null || times == null) {
            throw new IllegalStateException("not open");
        }
        if (workflow.run(flow) != flow) {
            throw new IllegalStateException("a wrong result");
        }
        times.ended(flow);
    }

    @Override
    public void close() {
        if (dbos != null) {
            dbos.close();
        }
    }
}
