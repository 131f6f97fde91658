<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>AxesPanel</name>
    <message numerus="yes">
        <source>{0} more inputs stay at their mean.</source>
        <translation>
            <numerusform>{0} more input stays at its mean.</numerusform>
            <numerusform>{0} more inputs stay at their mean.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChainStrip</name>
    <message numerus="yes">
        <source>{count} others</source>
        <translation>
            <numerusform>{count} other</numerusform>
            <numerusform>{count} others</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckMapView</name>
    <message numerus="yes">
        <source>{count} parameters sit at a kink.</source>
        <translation>
            <numerusform>{count} parameter sits at a kink.</numerusform>
            <numerusform>{count} parameters sit at a kink.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckNumbersView</name>
    <message numerus="yes">
        <source>Your step was called with {count} batches; right: {right}.</source>
        <translation>
            <numerusform>Your step was called with {count} batch; right: {right}.</numerusform>
            <numerusform>Your step was called with {count} batches; right: {right}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DataTableView</name>
    <message numerus="yes">
        <source>{0} rows</source>
        <translation>
            <numerusform>{0} row</numerusform>
            <numerusform>{0} rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of {1} rows</source>
        <translation>
            <numerusform>{0} of {1} row</numerusform>
            <numerusform>{0} of {1} rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DiagnosisPage</name>
    <message numerus="yes">
        <source>In a trial of {steps} steps from the start the loss fell to {after} of that of the best constant prediction; as it is, it stands at {before}.</source>
        <translation>
            <numerusform>In a trial of {steps} step from the start the loss fell to {after} of that of the best constant prediction; as it is, it stands at {before}.</numerusform>
            <numerusform>In a trial of {steps} steps from the start the loss fell to {after} of that of the best constant prediction; as it is, it stands at {before}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It was stopped before its end, after {seconds} seconds.</source>
        <translation>
            <numerusform>It was stopped before its end, after {seconds} second.</numerusform>
            <numerusform>It was stopped before its end, after {seconds} seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Yes: after {steps} steps it has learned {rows} rows by heart, loss {before} → {after}. Network and training work; look for the fault in the data, the size or a penalty.</source>
        <translation>
            <numerusform>Yes: after {steps} steps it has learned {rows} row by heart, loss {before} → {after}. Network and training work; look for the fault in the data, the size or a penalty.</numerusform>
            <numerusform>Yes: after {steps} steps it has learned {rows} rows by heart, loss {before} → {after}. Network and training work; look for the fault in the data, the size or a penalty.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>No: after {steps} steps it has not learned even {rows} rows, loss {before} → {after}. The fault lies in the network or in how it is trained, not in the amount of data.</source>
        <translation>
            <numerusform>No: after {steps} steps it has not learned even {rows} row, loss {before} → {after}. The fault lies in the network or in how it is trained, not in the amount of data.</numerusform>
            <numerusform>No: after {steps} steps it has not learned even {rows} rows, loss {before} → {after}. The fault lies in the network or in how it is trained, not in the amount of data.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GenerateDialog</name>
    <message numerus="yes">
        <source>{0} rows</source>
        <translation>
            <numerusform>{0} row</numerusform>
            <numerusform>{0} rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} classes</source>
        <translation>
            <numerusform>{0} class</numerusform>
            <numerusform>{0} classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message numerus="yes">
        <source>{0} rows</source>
        <translation>
            <numerusform>{0} row</numerusform>
            <numerusform>{0} rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about {0} rows</source>
        <translation>
            <numerusform>about {0} row</numerusform>
            <numerusform>about {0} rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} inputs</source>
        <translation>
            <numerusform>{0} input</numerusform>
            <numerusform>{0} inputs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} outputs</source>
        <translation>
            <numerusform>{0} output</numerusform>
            <numerusform>{0} outputs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0}: classification into {1} classes</source>
        <translation>
            <numerusform>{0}: classification into {1} class</numerusform>
            <numerusform>{0}: classification into {1} classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message numerus="yes">
        <source>{count} others</source>
        <translation>
            <numerusform>{count} other</numerusform>
            <numerusform>{count} others</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} passes</source>
        <translation>
            <numerusform>{count} pass</numerusform>
            <numerusform>{count} passes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NetworkView</name>
    <message numerus="yes">
        <source>{activation} · {units} units</source>
        <translation>
            <numerusform>{activation} · {units} unit</numerusform>
            <numerusform>{activation} · {units} units</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} features</source>
        <translation>
            <numerusform>{count} feature</numerusform>
            <numerusform>{count} features</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PaintDialog</name>
    <message numerus="yes">
        <source>{0} points</source>
        <translation>
            <numerusform>{0} point</numerusform>
            <numerusform>{0} points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} classes</source>
        <translation>
            <numerusform>{0} class</numerusform>
            <numerusform>{0} classes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ParametersView</name>
    <message numerus="yes">
        <source>Copying: {count} rows</source>
        <translation>
            <numerusform>Copying: {count} row</numerusform>
            <numerusform>Copying: {count} rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied {count} rows</source>
        <translation>
            <numerusform>Copied {count} row</numerusform>
            <numerusform>Copied {count} rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PredictView</name>
    <message numerus="yes">
        <source>{rows} rows of {name}, as the network predicts them after step {step}</source>
        <translation>
            <numerusform>{rows} row of {name}, as the network predicts it after step {step}</numerusform>
            <numerusform>{rows} rows of {name}, as the network predicts them after step {step}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RatesSection</name>
    <message numerus="yes">
        <source>The loss over all training rows after {steps} steps more at each rate, lowest at {best}. A click takes the rate.</source>
        <translation>
            <numerusform>The loss over all training rows after {steps} step more at each rate, lowest at {best}. A click takes the rate.</numerusform>
            <numerusform>The loss over all training rows after {steps} steps more at each rate, lowest at {best}. A click takes the rate.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReadOuts</name>
    <message numerus="yes">
        <source>The parameters have been updated {step} times</source>
        <translation>
            <numerusform>The parameters have been updated {step} time</numerusform>
            <numerusform>The parameters have been updated {step} times</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message numerus="yes">
        <source>{0} steps/s</source>
        <translation>
            <numerusform>{0} step/s</numerusform>
            <numerusform>{0} steps/s</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StepsDialog</name>
    <message numerus="yes">
        <source>{0} steps</source>
        <translation>
            <numerusform>{0} step</numerusform>
            <numerusform>{0} steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} steps; at most {1} can be written</source>
        <translation>
            <numerusform>{0} step; at most {1} can be written</numerusform>
            <numerusform>{0} steps; at most {1} can be written</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TwoCurves</name>
    <message numerus="yes">
        <source>After {steps} steps from here: right {right}, with the mistake {other}</source>
        <translation>
            <numerusform>After {steps} step from here: right {right}, with the mistake {other}</numerusform>
            <numerusform>After {steps} steps from here: right {right}, with the mistake {other}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_ColumnsModel</name>
    <message numerus="yes">
        <source>{0} values: {1}</source>
        <translation>
            <numerusform>{0} value: {1}</numerusform>
            <numerusform>{0} values: {1}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_DataRow</name>
    <message numerus="yes">
        <source>{rows} rows, {training} train · {inputs} → {outputs}</source>
        <translation>
            <numerusform>{rows} row, {training} train · {inputs} → {outputs}</numerusform>
            <numerusform>{rows} rows, {training} train · {inputs} → {outputs}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{training} of {rows} rows are trained on.</source>
        <translation>
            <numerusform>{training} of {rows} row is trained on.</numerusform>
            <numerusform>{training} of {rows} rows are trained on.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} features</source>
        <translation>
            <numerusform>{count} feature</numerusform>
            <numerusform>{count} features</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} outputs</source>
        <translation>
            <numerusform>{count} output</numerusform>
            <numerusform>{count} outputs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_InputsRow</name>
    <message numerus="yes">
        <source>{count} features</source>
        <translation>
            <numerusform>{count} feature</numerusform>
            <numerusform>{count} features</numerusform>
        </translation>
    </message>
</context>
</TS>
