package org.caduceus.ledger.ejb.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.caduceus.ledger.block.BlockStore;
import org.hibernate.jpa.HibernatePersistenceProvider;

/** The persistence unit of the module on a database of a test, without a container. */
final class TestDatabase implements AutoCloseable {
  private final EntityManagerFactory factory;
  private final EntityManager entityManager;

  TestDatabase(DataSource dataSource) {
    SchemaMigration.migrateSchema(dataSource);
    Map<String, Object> properties = new HashMap<>();
    properties.put("jakarta.persistence.transactionType", "RESOURCE_LOCAL");
    properties.put("jakarta.persistence.jtaDataSource", null);
    properties.put("jakarta.persistence.nonJtaDataSource", dataSource);
    properties.put("hibernate.transaction.jta.platform", "none");
    properties.put("hibernate.transaction.coordinator_class", "jdbc");
    properties.put("hibernate.connection.handling_mode", "DELAYED_ACQUISITION_AND_HOLD");
    factory = new HibernatePersistenceProvider().createEntityManagerFactory("caduceus", properties);
    entityManager = factory.createEntityManager();
  }

  EntityManager entityManager() {
    return entityManager;
  }

  /** Runs in a transaction of its own; rolls back what throws. */
  <T> T inTransaction(Supplier<T> work) {
    entityManager.getTransaction().begin();
    try {
      T result = work.get();
      entityManager.getTransaction().commit();
      entityManager.clear();
      return result;
    } catch (RuntimeException e) {
      entityManager.getTransaction().rollback();
      entityManager.clear();
      throw e;
    }
  }

  /** A store whose every call is one transaction, as the container makes it. */
  BlockStore blockStore(Function<EntityManager, BlockStore> make) {
    BlockStore store = make.apply(entityManager);
    return (BlockStore)
        Proxy.newProxyInstance(
            BlockStore.class.getClassLoader(),
            new Class<?>[] {BlockStore.class},
            (proxy, method, arguments) ->
                inTransaction(
                    () -> {
                      try {
                        return method.invoke(store, arguments);
                      } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof RuntimeException cause) {
                          throw cause;
                        }
                        throw new IllegalStateException(e);
                      } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
  }

  @Override
  public void close() {
    entityManager.close();
    factory.close();
  }
}
