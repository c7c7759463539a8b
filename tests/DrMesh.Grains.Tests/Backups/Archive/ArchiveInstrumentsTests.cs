using System.Diagnostics.Metrics;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Grains.Backups.Archive;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Tests.Backups.Archive;

/// <summary>What wakes whoever is on call.</summary>
public sealed class ArchiveInstrumentsTests
{
    private static readonly ArchiveStatus Well = new() { Cluster = new ClusterId("orders"), IsStreaming = true };

    [Fact]
    public void Note_SlotLimitBreachedThenAGap_GaugesShowItAndEachIsAnErrorOnce()
    {
        var errors = new Errors();
        using var services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(errors)).AddSingleton<ArchiveInstruments>().BuildServiceProvider();
        var instruments = services.GetRequiredService<ArchiveInstruments>();
        var meters = services.GetRequiredService<IMeterFactory>();
        instruments.Note(Well);
        Read(meters).ShouldBe(["drmesh_archive_gaps 0 orders", "drmesh_archive_slot_limit_breached 0 orders", "drmesh_archive_streaming 1 orders"]);
        errors.Texts.ShouldBeEmpty();

        var breached = Well with { IsSlotLimitBreached = true, IsStreaming = false };
        instruments.Note(breached);
        instruments.Note(breached);
        instruments.Note(breached with { Gaps = ["timeline 1: 0/1000000 to 0/2000000 is missing: the slot was lost"] });

        Read(meters).ShouldBe(["drmesh_archive_gaps 1 orders", "drmesh_archive_slot_limit_breached 1 orders", "drmesh_archive_streaming 0 orders"]);
        errors.Texts.Count.ShouldBe(2, string.Join('\n', errors.Texts));
        errors.Texts[0].ShouldContain("keeps no more WAL");
        errors.Texts[1].ShouldContain("0/1000000 to 0/2000000");
        instruments.Forget(Well.Cluster);
        Read(meters).ShouldBeEmpty();
    }

    private static List<string> Read(IMeterFactory own)
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                // Silos of other tests have archives too.
                if (instrument.Meter.Name == ArchiveInstruments.MeterName && instrument.Meter.Scope == own)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => seen.Add($"{instrument.Name} {value} {labels[0].Value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. seen.Order(StringComparer.Ordinal)];
    }

    private sealed class Errors : ILoggerProvider, ILogger
    {
        public List<string> Texts { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Texts.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
